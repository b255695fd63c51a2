using System.Net;

namespace FastGate.Proxy.Listening;

/// <summary>Finds the addresses of this machine that Tailscale assigned. Pure.</summary>
internal static class TailscaleAddresses
{
    /// <summary>The addresses of a tailnet's machines (Tailscale's net/tsaddr: CGNATRange,
    /// TailscaleULARange).</summary>
    public static IReadOnlyList<AddressRange> Ranges { get; } =
    [AddressRanges.Parse("100.64.0.0/10"), AddressRanges.Parse("fd7a:115c:a1e0::/48")];

    /// <summary>ChromeOS assigns these to its virtual machines; Tailscale leaves them out (net/tsaddr:
    /// ChromeOSVMRange).</summary>
    private static readonly AddressRange ChromeOs = AddressRanges.Parse("100.115.92.0/23");

    /// <summary>IPv6 link-local (RFC 4291 §2.5.6): every interface may have one.</summary>
    private static readonly AddressRange LinkLocal = AddressRanges.Parse("fe80::/10");

    /// <summary>All addresses of Tailscale's interface, IPv4 and IPv6, in the order of the list; empty if none exists
    /// yet.</summary>
    /// <remarks>
    /// <list type="number">
    /// <item>An interface with an IPv6 address of Tailscale, under any name, since <c>--tun</c> can rename it. If it
    /// also has an address that Tailscale does not assign, it is not Tailscale's: a neighbor can announce any prefix
    /// to a LAN.</item>
    /// <item>An address that <see cref="Mark"/> has marked, because Tailscale's daemon reports it.</item>
    /// <item>Otherwise, for systems without IPv6, an interface with the name of a tunnel and an IPv4 address of
    /// Tailscale. The name is required, since carriers assign such addresses to a LAN (RFC 6598). Other VPNs assign
    /// them to their tunnels, so this rule comes last.</item>
    /// </list>
    /// </remarks>
    public static IReadOnlyList<IPAddress> Find(IReadOnlyList<InterfaceAddress> interfaces)
    {
        ILookup<string, IPAddress> byName = interfaces.ToLookup(i => i.Interface, i => i.Address);
        IPAddress[] marked = [.. interfaces.Where(i => i.IsTailscale).Select(i => i.Address)];
        IPAddress[] found = [.. byName.Where(HasOurIPv6AndNothingForeign).SelectMany(Ours).Union(marked)];
        return found.Length > 0 ? found : [.. byName.Where(i => IsTunnelName(i.Key)).SelectMany(Ours)];
    }

    /// <summary>Whether none is found although an address could be Tailscale's.</summary>
    public static bool NeedsDaemon(IReadOnlyList<InterfaceAddress> interfaces) =>
        interfaces.Any(i => IsOurs(i.Address)) && Find(interfaces).Count == 0;

    /// <summary>Marks the addresses that Tailscale's daemon reports as its own, except any that Tailscale never
    /// assigns.</summary>
    public static IReadOnlyList<InterfaceAddress> Mark(
        IReadOnlyList<InterfaceAddress> interfaces,
        IReadOnlyList<IPAddress> named
    ) =>
        named.Count == 0
            ? interfaces
            :
            [
                .. interfaces.Select(i =>
                    IsOurs(i.Address) && named.Contains(i.Address) ? i with { IsTailscale = true } : i
                ),
            ];

    private static bool HasOurIPv6AndNothingForeign(IEnumerable<IPAddress> addresses) =>
        addresses.Any(Ranges[1].Contains) && addresses.All(a => IsOurs(a) || LinkLocal.Contains(a));

    private static IEnumerable<IPAddress> Ours(IEnumerable<IPAddress> addresses) => addresses.Where(IsOurs);

    private static bool IsOurs(IPAddress address) =>
        AddressRanges.Contain(Ranges, address) && !ChromeOs.Contains(address);

    private static bool IsTunnelName(string name) =>
        name.StartsWith("utun", StringComparison.Ordinal) || name.StartsWith("tailscale", StringComparison.Ordinal);
}
