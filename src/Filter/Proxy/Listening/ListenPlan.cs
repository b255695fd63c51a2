using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Listening;

/// <summary>Which endpoints a <see cref="ListenAddress"/> means on a machine with the given interfaces, and who may
/// connect. Pure.</summary>
internal static class ListenPlan
{
    /// <summary>
    /// The endpoints to bind, each once, IPv4 first. Empty if no such address exists yet: wait, and call again.
    /// </summary>
    public static IReadOnlyList<IPEndPoint> Endpoints(
        ListenAddress listen,
        IReadOnlyList<InterfaceAddress> interfaces
    ) =>
        [
            .. from address in Addresses(listen, interfaces).Distinct()
            orderby address.AddressFamily == AddressFamily.InterNetworkV6
            select new IPEndPoint(address, listen.Port),
        ];

    /// <summary>
    /// What all listeners together must be bound to. Each address occurs once: if two listeners mean the same one, the
    /// first in the config gets it.
    /// </summary>
    public static IReadOnlyList<ListenPoint> Points(
        IReadOnlyList<ListenAddress> listeners,
        IReadOnlyList<InterfaceAddress> interfaces
    ) =>
        [
            .. listeners
                .SelectMany((listen, n) => Endpoints(listen, interfaces).Select(e => new ListenPoint(n, e)))
                // With port 0, the system chooses a port for each.
                .DistinctBy(point => point.EndPoint.Port == 0 ? point : point with { Listener = 0 }),
        ];

    /// <summary>Whether its endpoints can change while the gate runs: loopback and the unspecified address always
    /// exist.</summary>
    public static bool CanChange(ListenAddress listen) =>
        listen.Kind != ListenKind.Address || Addresses(listen, []).FirstOrDefault() is null;

    /// <summary>
    /// The peers that may connect if the config does not set <c>from</c>. A machine accepts packets for any of its
    /// addresses on any of its interfaces, so without this check a LAN neighbor could reach a Tailscale address.
    /// </summary>
    public static IReadOnlyList<AddressRange> DefaultFrom(
        ListenAddress listen,
        IReadOnlyList<InterfaceAddress> interfaces
    )
    {
        // A range has no scope, so a link-local address of one interface would admit a neighbor that uses the same
        // address on another. Connections of this machine to itself come from the address that they go to, and no
        // listener has a link-local one.
        IEnumerable<AddressRange> own = interfaces
            .Select(i => i.Address)
            .Where(address => !AddressRanges.Contain(AddressRanges.LinkLocal, address))
            .Select(AddressRange.Of)
            .Distinct();
        IReadOnlyList<IPEndPoint> endpoints = Endpoints(listen, interfaces);
        if (listen.Kind == ListenKind.Tailscale || AllIn(TailscaleAddresses.Find(interfaces)))
            return [.. TailscaleAddresses.Ranges, .. own];
        if (endpoints.Count > 0 && endpoints.All(e => IPAddress.IsLoopback(e.Address)))
            return [.. AddressRanges.Loopback, .. own];
        return AddressRanges.Any;

        // Tailscale's address may also be written out, or selected by its interface.
        bool AllIn(IReadOnlyList<IPAddress> addresses) =>
            endpoints.Count > 0 && endpoints.All(e => addresses.Contains(e.Address));
    }

    /// <summary>
    /// <see cref="DefaultFrom"/> for an address that is already bound: it follows the machine's own addresses, but is
    /// never opened to every peer, although a tunnel that loses one address after the other looks like any other
    /// interface for a moment.
    /// </summary>
    public static IReadOnlyList<AddressRange> NextFrom(
        ListenAddress listen,
        IReadOnlyList<InterfaceAddress> interfaces,
        IReadOnlyList<AddressRange> current
    )
    {
        IReadOnlyList<AddressRange> next = DefaultFrom(listen, interfaces);
        return next == AddressRanges.Any || next.SequenceEqual(current) ? current : next;
    }

    private static IEnumerable<IPAddress> Addresses(ListenAddress listen, IReadOnlyList<InterfaceAddress> interfaces) =>
        listen.Kind switch
        {
            ListenKind.Tailscale => TailscaleAddresses.Find(interfaces),
            ListenKind.Interface => OfInterface(listen.Interface!, interfaces),
            _ => Exists(listen.Address!, interfaces) ? [listen.Address!] : [],
        };

    /// <summary>Without IPv6 link-local addresses, which need a zone.</summary>
    private static IEnumerable<IPAddress> OfInterface(string name, IReadOnlyList<InterfaceAddress> interfaces) =>
        interfaces.Where(i => i.Interface == name && !i.Address.IsIPv6LinkLocal).Select(i => i.Address);

    /// <summary>All of 127.0.0.0/8 can be bound on Linux, though only 127.0.0.1 is listed.</summary>
    private static bool Exists(IPAddress address, IReadOnlyList<InterfaceAddress> interfaces) =>
        IPAddress.IsLoopback(address)
        || AddressRanges.IsUnspecified(address)
        || interfaces.Any(i => i.Address.Equals(address));
}

/// <summary>One address that a listener is bound to, or should be.</summary>
/// <param name="Listener">The listener's position in the config, from 0.</param>
/// <param name="EndPoint">The planned address and port; port 0 is not yet replaced by the port that the system
/// chose.</param>
internal readonly record struct ListenPoint(int Listener, IPEndPoint EndPoint);

/// <summary>The changes from what is bound to what should be. Pure.</summary>
/// <param name="Drop">To be closed first: another listener may need the same address.</param>
/// <param name="Bind">To be bound, in the order of the listeners.</param>
internal sealed record Rebinding(IReadOnlyList<ListenPoint> Drop, IReadOnlyList<ListenPoint> Bind)
{
    public static Rebinding Of(IReadOnlyList<ListenPoint> wanted, IReadOnlyList<ListenPoint> bound) =>
        new([.. bound.Except(wanted)], [.. wanted.Except(bound)]);
}
