using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Listening;

/// <summary>What a <see cref="ListenAddress"/> means on a machine with these interfaces. Pure.</summary>
internal static class ListenPlan
{
    /// <summary>
    /// The endpoints to bind, each once, IPv4 first. Empty: there is no such address yet, so wait and ask again.
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
    /// What all listeners together have to be bound to. Each address is there once: where two listeners mean the same
    /// one, the first in the config has it.
    /// </summary>
    public static IReadOnlyList<ListenPoint> Points(
        IReadOnlyList<ListenAddress> listeners,
        IReadOnlyList<InterfaceAddress> interfaces
    ) =>
        [
            .. listeners
                .SelectMany((listen, n) => Endpoints(listen, interfaces).Select(e => new ListenPoint(n, e)))
                // With port 0 the system chooses one for each.
                .DistinctBy(point => point.EndPoint.Port == 0 ? point : point with { Listener = 0 }),
        ];

    /// <summary>Whether what it means can change while the gate runs: loopback and "every address" are always
    /// there.</summary>
    public static bool CanChange(ListenAddress listen) =>
        listen.Kind != ListenKind.Address || Addresses(listen, []).FirstOrDefault() is null;

    /// <summary>
    /// The peers that may connect if the config does not say. A machine takes packets for any of its addresses on any
    /// of its interfaces, so that a LAN neighbour could reach a Tailscale address; hence the question where a peer
    /// comes from.
    /// </summary>
    public static IReadOnlyList<AddressRange> DefaultFrom(
        ListenAddress listen,
        IReadOnlyList<InterfaceAddress> interfaces
    )
    {
        // A range has no scope, so a link-local address of one interface would let in a neighbour who takes it on
        // another. Connections of this machine to itself come from the address that they go to, which no listener has
        // link-local.
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

        // Tailscale's address may also be written out, or be asked for by its interface.
        bool AllIn(IReadOnlyList<IPAddress> addresses) =>
            endpoints.Count > 0 && endpoints.All(e => addresses.Contains(e.Address));
    }

    /// <summary>
    /// <see cref="DefaultFrom"/> for an address that is bound already: it follows the machine's own addresses, but is
    /// never opened to everybody, though a tunnel that loses one address after the other looks like any interface for a
    /// moment.
    /// </summary>
    public static IReadOnlyList<AddressRange> NextFrom(
        ListenAddress listen,
        IReadOnlyList<InterfaceAddress> interfaces,
        IReadOnlyList<AddressRange> present
    )
    {
        IReadOnlyList<AddressRange> next = DefaultFrom(listen, interfaces);
        return next == AddressRanges.Any || next.SequenceEqual(present) ? present : next;
    }

    private static IEnumerable<IPAddress> Addresses(ListenAddress listen, IReadOnlyList<InterfaceAddress> interfaces) =>
        listen.Kind switch
        {
            ListenKind.Tailscale => TailscaleAddresses.Find(interfaces),
            ListenKind.Interface => OfInterface(listen.Interface!, interfaces),
            _ => IsThere(listen.Address!, interfaces) ? [listen.Address!] : [],
        };

    /// <summary>Without IPv6 link-local addresses: nobody can name them without a zone.</summary>
    private static IEnumerable<IPAddress> OfInterface(string name, IReadOnlyList<InterfaceAddress> interfaces) =>
        interfaces.Where(i => i.Interface == name && !i.Address.IsIPv6LinkLocal).Select(i => i.Address);

    /// <summary>All of 127.0.0.0/8 can be bound on Linux, though only 127.0.0.1 is listed.</summary>
    private static bool IsThere(IPAddress address, IReadOnlyList<InterfaceAddress> interfaces) =>
        IPAddress.IsLoopback(address)
        || IPAddress.Any.Equals(address)
        || IPAddress.IPv6Any.Equals(address)
        || interfaces.Any(i => i.Address.Equals(address));
}
