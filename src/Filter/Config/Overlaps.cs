using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Config;

/// <summary>Finds listeners that overlap with each other or with the upstream.</summary>
/// <param name="interfaces">This machine's addresses.</param>
internal sealed class Overlaps(IReadOnlyList<InterfaceAddress> interfaces)
{
    /// <summary>Reports two listeners on the same address and port; the second could not be bound.</summary>
    public IEnumerable<Problem> Between(IReadOnlyList<PlannedListener> listeners) =>
        from second in listeners.Index()
        from first in listeners.Take(second.Index)
        where Overlap(first.Options.Address, second.Item.Options.Address)
        select new Problem(
            second.Item.Location,
            $"{second.Item.Options.Address} and {first.Options.Address} share an address and port; "
                + "remove one, or change its port"
        );

    /// <summary>Reports an upstream that is the gate itself; each request would loop until no connection is
    /// left.</summary>
    public IEnumerable<Problem> With(Sourced<UpstreamName> upstream, IReadOnlyList<PlannedListener> listeners) =>
        from listener in listeners
        where Reaches(upstream.Value, listener.Options.Address)
        select new Problem(
            upstream.Location == SourceLocation.Default ? listener.Location : upstream.Location,
            $"the upstream {upstream.Value} is the gate's own listener {listener.Options.Address}; "
                + "change the port of one of them (Ollama's default is 127.0.0.1:11434)"
        );

    /// <summary>Returns whether a connection to <paramref name="to"/> arrives at the listener.</summary>
    public bool Reaches(IPEndPoint to, ListenAddress listener) =>
        listener.Port == to.Port
        && (
            listener.IsUnspecified
                ? listener.Address!.AddressFamily == to.AddressFamily && IsLocal(to.Address)
                : AddressesOf(listener).Contains(to.Address)
        );

    private bool Reaches(UpstreamName upstream, ListenAddress listener) =>
        upstream.KnownAddresses.Any(address => Reaches(new IPEndPoint(address, upstream.Port), listener));

    private bool Overlap(ListenAddress first, ListenAddress second)
    {
        if (first.Port != second.Port)
            return false;
        if (first == second)
            return true;
        IPAddress[] firsts = [.. AddressesOf(first)];
        IPAddress[] seconds = [.. AddressesOf(second)];
        return firsts.Intersect(seconds).Any() || Covers(first, seconds) || Covers(second, firsts);
    }

    private static bool Covers(ListenAddress listener, IPAddress[] others) =>
        listener.IsUnspecified && others.Any(other => other.AddressFamily == listener.Address!.AddressFamily);

    private IEnumerable<IPAddress> AddressesOf(ListenAddress listener) =>
        listener.Address is { } address
            ? [address]
            : ListenPlan.Endpoints(listener, interfaces).Select(endPoint => endPoint.Address);

    private bool IsLocal(IPAddress address) =>
        IPAddress.IsLoopback(address) || interfaces.Any(item => item.Address.Equals(address));
}
