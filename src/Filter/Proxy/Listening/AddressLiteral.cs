using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>An address as people write it, read strictly: what could be meant otherwise is no address.</summary>
internal static class AddressLiteral
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>
    /// Four decimal numbers or RFC 4291 text, without zone and brackets. An IPv4-mapped IPv6 address becomes the IPv4
    /// address that it is.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        // IPAddress also takes brackets with a port, zones, and "1", "0x7f.1" or "010.0.0.1" (which is octal).
        if (text.ContainsAnyExcept(Characters) || !IPAddress.TryParse(text, out address))
        {
            address = null;
            return false;
        }

        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        else if (!text.Contains(':') && !text.SequenceEqual(address.ToString()))
            address = null;
        return address is not null;
    }
}
