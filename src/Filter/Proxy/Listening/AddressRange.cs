using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Listening;

/// <summary>
/// The addresses of one family that begin with the same bits (RFC 4632, RFC 4291 §2.3). The default value contains
/// none.
/// </summary>
internal readonly record struct AddressRange
{
    private readonly AddressFamily _family;
    private readonly UInt128 _network;
    private readonly int _prefixBits;

    private AddressRange(IPAddress network, int prefixBits)
    {
        _network = Bits(network, out _family);
        _prefixBits = prefixBits;
    }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family => _family;

    /// <summary>The range of one address.</summary>
    public static AddressRange Of(IPAddress address)
    {
        _ = Bits(address, out AddressFamily family);
        return new AddressRange(address, Width(family));
    }

    /// <summary>Reads <c>100.64.0.0/10</c>, <c>fd7a:115c:a1e0::/48</c>, or one address; on failure,
    /// <paramref name="problem"/> says what to write.</summary>
    public static bool TryParse(string text, out AddressRange range, [NotNullWhen(false)] out string? problem)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!AddressLiteral.TryParse(slash < 0 ? text : text.AsSpan(..slash), out IPAddress? address))
        {
            problem =
                $"\"{text}\" is not an address range: write one like 100.64.0.0/10, fd7a:115c:a1e0::/48 or 10.0.0.5";
            return false;
        }

        AddressRange one = Of(address);
        if (slash < 0)
        {
            range = one;
            problem = null;
            return true;
        }

        int width = Width(one._family);
        ReadOnlySpan<char> digits = text.AsSpan(slash + 1);
        if (
            !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int prefixBits)
            || prefixBits > width
            || (digits.Length > 1 && digits[0] == '0')
        )
        {
            problem = $"\"{text}\" has no valid prefix length: write a number from 0 to {width} after {address}/";
            return false;
        }

        range = new AddressRange(FirstOf(one, prefixBits), prefixBits);
        if (range._network == one._network)
        {
            problem = null;
            return true;
        }

        problem =
            $"\"{text}\" has bits beyond its prefix: write {range} for the range, or {address} for the one address";
        range = default;
        return false;
    }

    /// <summary>Whether the address is in the range; an IPv4-mapped IPv6 address counts as IPv4. Allocates
    /// nothing.</summary>
    public bool Contains(IPAddress address)
    {
        UInt128 bits = Bits(address, out AddressFamily otherFamily);
        if (otherFamily != _family)
            return false;

        // A shift by the whole width would shift by 0.
        return _prefixBits == 0 || (bits ^ _network) >> (Width(_family) - _prefixBits) == 0;
    }

    /// <summary>The form that <see cref="TryParse"/> reads.</summary>
    public override string ToString()
    {
        if (_family == AddressFamily.Unspecified)
            return "none";
        IPAddress address = Address(_network, _family);
        return _prefixBits == Width(_family) ? address.ToString() : $"{address}/{_prefixBits}";
    }

    private static IPAddress FirstOf(AddressRange one, int prefixBits)
    {
        int rest = Width(one._family) - prefixBits;
        return Address(prefixBits == 0 ? 0 : one._network >> rest << rest, one._family);
    }

    private static int Width(AddressFamily family) => family == AddressFamily.InterNetwork ? 32 : 128;

    private static UInt128 Bits(IPAddress address, out AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        bool isFour = length == 4 || address.IsIPv4MappedToIPv6;
        family = isFour ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        return isFour
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..])
            : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress Address(UInt128 bits, AddressFamily family)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new IPAddress(family == AddressFamily.InterNetwork ? bytes[12..] : bytes);
    }
}

/// <summary>Well-known ranges, and a check of an address against a list of ranges.</summary>
internal static class AddressRanges
{
    /// <summary>RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3.</summary>
    public static IReadOnlyList<AddressRange> Loopback { get; } = [Parse("127.0.0.0/8"), Parse("::1")];

    /// <summary>
    /// RFC 3927 and RFC 4291 §2.5.6: an address that identifies a machine only together with its link. The same
    /// address can belong to this machine on one interface and to another machine on another (RFC 4007 §6; every Mac
    /// has fe80::1 on lo0).
    /// </summary>
    public static IReadOnlyList<AddressRange> LinkLocal { get; } = [Parse("169.254.0.0/16"), Parse("fe80::/10")];

    public static IReadOnlyList<AddressRange> Any { get; } = [Parse("0.0.0.0/0"), Parse("::/0")];

    /// <summary>Whether the address is 0.0.0.0 or ::, on which a listener accepts connections to every
    /// address.</summary>
    public static bool IsUnspecified(IPAddress? address) =>
        IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address);

    /// <summary>Called for every accepted connection; allocates nothing.</summary>
    public static bool Contain(IReadOnlyList<AddressRange> ranges, IPAddress address)
    {
        for (int n = 0; n < ranges.Count; n++)
            if (ranges[n].Contains(address))
                return true;

        return false;
    }

    /// <summary>Parses a constant.</summary>
    public static AddressRange Parse(string text) =>
        AddressRange.TryParse(text, out AddressRange range, out string? problem)
            ? range
            : throw new ArgumentException(problem, nameof(text));
}
