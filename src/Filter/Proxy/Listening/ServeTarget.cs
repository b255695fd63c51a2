using System.Globalization;
using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>The host and port to which an entry of Tailscale Serve forwards.</summary>
/// <param name="Host">A name or an address, without brackets and zone; empty for this machine, as in Go's
/// dialer.</param>
/// <param name="Port">The port, written out or implied by the scheme.</param>
internal readonly record struct ServeTarget(string Host, int Port)
{
    /// <summary>
    /// Reads what tailscaled accepts (ipnlocal: expandProxyArg, and a dialer's host:port): <c>11434</c>,
    /// <c>localhost:11434</c>, <c>http://box:11434/path</c>, <c>https+insecure://[::1]:11434</c>,
    /// <c>tcp://0.0.0.0:11434</c>.
    /// </summary>
    /// <returns>Null for a Unix socket, and for text without a port.</returns>
    public static ServeTarget? Parse(string text)
    {
        string rest = text.Trim();
        if (PortOf(rest) is { } bare)
            return new ServeTarget("127.0.0.1", bare);
        if (rest.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
            return null;
        int scheme = rest.IndexOf("://", StringComparison.Ordinal);
        int? port = scheme < 0 ? null : DefaultPort(rest[..scheme].ToLowerInvariant());
        if (scheme >= 0)
            rest = rest[(scheme + 3)..];
        if (rest.IndexOfAny(['/', '?', '#']) is >= 0 and var end)
            rest = rest[..end];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        int colon = rest.LastIndexOf(':');
        bool hasPort = colon >= 0 && !rest.EndsWith(']');
        if (hasPort)
            port = PortOf(rest.AsSpan(colon + 1));
        string host = (hasPort ? rest[..colon] : rest).Trim('[', ']').Split('%')[0].TrimEnd('.');
        return port is { } known ? new ServeTarget(host, known) : null;
    }

    /// <summary>Whether the host is this machine, as far as that is known without a resolver.</summary>
    public bool IsHere(IReadOnlyList<InterfaceAddress> interfaces) =>
        Host.Length == 0
        || Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(Host, out IPAddress? address) && IsHere(address, interfaces));

    /// <summary>Loopback, an address of this machine, or the unspecified address, which a dialer treats as
    /// loopback.</summary>
    public static bool IsHere(IPAddress address, IReadOnlyList<InterfaceAddress> interfaces)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        // A range compares no zones: an address without one is on whichever interface has it.
        AddressRange range = AddressRange.Of(plain);
        return IPAddress.IsLoopback(plain)
            || AddressRanges.IsUnspecified(plain)
            || interfaces.Any(entry => range.Contains(entry.Address));
    }

    private static int? DefaultPort(string scheme) =>
        scheme switch
        {
            "http" => 80,
            "https" or "https+insecure" => 443,
            _ => null,
        };

    private static int? PortOf(ReadOnlySpan<char> text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0
            ? port
            : null;
}
