using System.Net;
using System.Text;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>
/// The host names that clients may use for this machine. Any other name in <c>Host</c> may come from a web page that
/// rebound its own name to this address (DNS rebinding). Immutable.
/// </summary>
internal sealed class HostNames
{
    // RFC 6761 (localhost), RFC 6762 (local), ICANN's private-use name (internal), RFC 8375 (home.arpa), OpenWrt's and
    // other routers' default (lan, which is not a public top-level domain), Tailscale's MagicDNS (ts.net).
    private static readonly string[] OwnZones = ["localhost", "local", "internal", "lan", "home.arpa", "ts.net"];
    private static readonly byte[][] OwnSuffixes = [.. OwnZones.Select(zone => Encoding.ASCII.GetBytes($".{zone}"))];

    private readonly byte[][] _names;
    private readonly byte[][] _suffixes;
    private readonly bool _any;

    /// <param name="machineName">The operating system's host name.</param>
    /// <param name="configured">Further names; <c>*.example.com</c> accepts every name below it, <c>*</c> turns the
    /// check off.</param>
    public HostNames(string machineName, IEnumerable<string> configured)
    {
        // A final dot does not change a name: hosts are compared without it.
        string[] all = [machineName.TrimEnd('.'), .. configured.Select(name => name.TrimEnd('.'))];
        _any = all.Contains("*");
        _names = [.. all.Where(name => name.Length > 0 && !name.StartsWith('*')).Select(Encoding.ASCII.GetBytes)];
        _suffixes =
        [
            .. OwnSuffixes,
            .. all.Where(name => name.StartsWith("*.", StringComparison.Ordinal))
                .Select(name => Encoding.ASCII.GetBytes(name[1..])),
        ];
    }

    /// <summary>The names that are accepted without being configured, for people.</summary>
    public static string DefaultNames { get; } =
        $"addresses, names without a dot, {string.Join(", ", OwnZones.Select(zone => $"*.{zone}"))}";

    /// <param name="host">The value of a <c>Host</c> field, already validated as <c>host[:port]</c>.</param>
    public bool IsOwn(ReadOnlySpan<byte> host)
    {
        if (_any)
            return true;
        if (host.StartsWith("["u8))
            return true;
        ReadOnlySpan<byte> name = HostGrammar.NameOf(host);
        // No name without a dot belongs to a site on the Internet: it is the machine's short name, or localhost.
        if (!name.Contains((byte)'.') || IPAddress.IsValidUtf8(name))
            return true;
        foreach (byte[] suffix in _suffixes)
        {
            if (name.Length > suffix.Length && Ascii.EqualsIgnoreCase(name[^suffix.Length..], suffix))
                return true;
        }
        foreach (byte[] own in _names)
        {
            if (Ascii.EqualsIgnoreCase(name, own))
                return true;
        }
        return false;
    }
}
