using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>The ranges that have a meaning of their own, and the question that is asked of a list of them.</summary>
internal static class AddressRanges
{
    /// <summary>RFC 1122 §3.2.1.3 and RFC 4291 §2.5.3.</summary>
    public static IReadOnlyList<AddressRange> Loopback { get; } = [Known("127.0.0.0/8"), Known("::1")];

    /// <summary>
    /// RFC 3927 and RFC 4291 §2.5.6: an address that says which machine it is only together with the link it is on. The
    /// same one can belong to this machine on one interface and to a stranger on another (RFC 4007 §6; every Mac has
    /// fe80::1 on lo0).
    /// </summary>
    public static IReadOnlyList<AddressRange> LinkLocal { get; } = [Known("169.254.0.0/16"), Known("fe80::/10")];

    public static IReadOnlyList<AddressRange> Any { get; } = [Known("0.0.0.0/0"), Known("::/0")];

    /// <summary>Asked of every accepted connection; allocates nothing.</summary>
    public static bool Contain(IReadOnlyList<AddressRange> ranges, IPAddress address)
    {
        for (int n = 0; n < ranges.Count; n++)
            if (ranges[n].Contains(address))
                return true;

        return false;
    }

    /// <summary>A range that stands in this source.</summary>
    public static AddressRange Known(string text) =>
        AddressRange.TryParse(text, out AddressRange range, out string? problem)
            ? range
            : throw new ArgumentException(problem, nameof(text));
}
