using System.Net;

namespace FastGate.Proxy.Wire;

/// <summary>
/// The grammar of Host: <c>host[:port]</c> (RFC 9110 §7.2). Stricter than RFC 3986 in forms that no client sends: a
/// name has no percent-encoding and no sub-delims (a comma would make one host two), an IPv6 literal has no zone, a
/// port has 1 to 5 digits.
/// </summary>
internal static class HostGrammar
{
    /// <summary>A colon and five digits.</summary>
    private const int PortBytesMax = 6;

    /// <summary>The longest DNS name (RFC 1035 §2.3.4), written with dots.</summary>
    public const int NameBytesMax = 253;

    public static bool IsHost(ReadOnlySpan<byte> value) => IsHost(value, 0);

    /// <param name="bytes">Bytes that end with the value.</param>
    /// <param name="start">The index of the value's first byte. The bytes before it allow a search in whole
    /// blocks.</param>
    public static bool IsHost(ReadOnlySpan<byte> bytes, int start)
    {
        if (start == bytes.Length)
            return false;
        return bytes[start] == '[' ? IsLiteral(bytes[start..]) : IsName(bytes, start);
    }

    /// <summary>Returns a valid value without its port and without a final dot, which only marks the name as
    /// absolute.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> host)
    {
        int colon = host.LastIndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 || host.StartsWith("["u8) ? host : host[..colon];
        return name.EndsWith("."u8) ? name[..^1] : name;
    }

    /// <summary>Whether a name without its final dot could exist in DNS: not too long, no empty label.</summary>
    public static bool IsDomainName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= NameBytesMax && name[0] != '.' && name[^1] != '.' && name.IndexOf(".."u8) < 0;

    private static bool IsName(ReadOnlySpan<byte> bytes, int start)
    {
        int end = WireBytes.HostName.IndexOfAnyExcept(bytes, start);
        return end > start && (end == bytes.Length || IsPort(bytes[end..]));
    }

    private static bool IsLiteral(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)']');
        if (end < 0)
            return false;
        ReadOnlySpan<byte> address = value[1..end];
        return WireBytes.IPv6.IndexOfAnyExcept(address, 0) == address.Length
            && address.Contains((byte)':')
            && IPAddress.IsValidUtf8(address)
            && (end + 1 == value.Length || IsPort(value[(end + 1)..]));
    }

    /// <summary>A colon and a number up to 65535.</summary>
    private static bool IsPort(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 2 or > PortBytesMax || value[0] != ':')
            return false;
        ReadOnlySpan<byte> digits = value[1..];
        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
        }

        // For five digits, byte order is numeric order.
        return value.Length < PortBytesMax || digits[0] < '6' || digits.SequenceCompareTo("65535"u8) <= 0;
    }
}
