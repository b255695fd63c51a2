using System.Net;
using System.Text;

namespace FastGate.Proxy.Admin;

/// <summary>
/// Whether a <c>Host</c> names this machine by loopback. Any other name could be one that a web page's owner points at
/// 127.0.0.1, so that the page may read what is told there (DNS rebinding).
/// </summary>
internal static class LoopbackHost
{
    /// <param name="host">The value of the field, which is well-formed; empty when there is none.</param>
    public static bool Is(ReadOnlySpan<byte> host)
    {
        string text = Encoding.ASCII.GetString(host);
        int colon = text.LastIndexOf(':');
        string name = colon > text.LastIndexOf(']') ? text[..colon] : text;
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        bool bracketed = name is ['[', .., ']'];
        return IPAddress.TryParse(bracketed ? name.AsSpan(1..^1) : name, out IPAddress? address)
            && IPAddress.IsLoopback(address)
            // IPAddress reads "1" and "0x7f000001" as addresses: only what is written as one is meant.
            && (bracketed || name.StartsWith("127.", StringComparison.Ordinal));
    }
}
