using System.Net;
using System.Text;

namespace FastGate.Gate;

/// <summary>
/// The names under which clients may speak to this machine. Every other name in <c>Host</c> is a page in a browser that
/// has rebound its own name to this address. Immutable.
/// </summary>
internal sealed class HostNames
{
    // RFC 6761 (localhost), RFC 6762 (local), ICANN's private-use name (internal), Tailscale's MagicDNS (ts.net).
    private static readonly byte[][] OwnSuffixes = [.. new[] { ".localhost", ".local", ".internal", ".ts.net" }
        .Select(Encoding.ASCII.GetBytes)];

    private readonly byte[][] names;
    private readonly byte[][] suffixes;
    private readonly bool any;

    /// <param name="machineName">The operating system's host name.</param>
    /// <param name="configured">Further names; <c>*.example.com</c> takes every name below, <c>*</c> turns the guard off.</param>
    public HostNames(string machineName, IEnumerable<string> configured)
    {
        // Whoever writes a name with its final dot means the same name: a host is compared without it.
        string[] all = [machineName.TrimEnd('.'), .. configured.Select(name => name.TrimEnd('.'))];
        any = all.Contains("*");
        names = [.. all.Where(name => name.Length > 0 && !name.StartsWith('*')).Select(Encoding.ASCII.GetBytes)];
        suffixes = [.. OwnSuffixes, .. all.Where(name => name.StartsWith("*.", StringComparison.Ordinal))
            .Select(name => Encoding.ASCII.GetBytes(name[1..]))];
    }

    /// <param name="host">The value of a <c>Host</c> field, already found to be <c>host[:port]</c>.</param>
    public bool IsOwn(ReadOnlySpan<byte> host)
    {
        if (any) return true;
        if (host.StartsWith("["u8)) return true;
        ReadOnlySpan<byte> name = WithoutPort(host);
        // A name without a dot is nobody's on the Internet: the machine's short name, localhost.
        if (!name.Contains((byte)'.') || IPAddress.IsValidUtf8(name)) return true;
        foreach (byte[] suffix in suffixes)
        {
            if (name.Length > suffix.Length && Ascii.EqualsIgnoreCase(name[^suffix.Length..], suffix)) return true;
        }
        foreach (byte[] own in names)
        {
            if (Ascii.EqualsIgnoreCase(name, own)) return true;
        }
        return false;
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> host)
    {
        int colon = host.LastIndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? host : host[..colon];
        // A final dot only says that the name is complete.
        return name.EndsWith("."u8) ? name[..^1] : name;
    }
}
