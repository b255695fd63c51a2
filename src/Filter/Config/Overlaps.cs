using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Config;

/// <summary>Finds listeners that stand in each other's way, and those that the upstream would lead back to.</summary>
/// <param name="interfaces">This machine's addresses.</param>
internal sealed class Overlaps(IReadOnlyList<InterfaceAddress> interfaces)
{
    /// <summary>Two listeners on one address and port: the second could not be bound.</summary>
    public IEnumerable<Problem> Between(IReadOnlyList<PlannedListener> listeners) =>
        from second in listeners.Index()
        from first in listeners.Take(second.Index)
        where Meet(first.Options.Address, second.Item.Options.Address)
        select new Problem(
            second.Item.Place,
            $"{second.Item.Options.Address} and {first.Options.Address} are one address and port: "
                + $"remove one, or take another port"
        );

    /// <summary>An upstream that is the gate itself: each request would go round until the connections are used
    /// up.</summary>
    public IEnumerable<Problem> With(Sourced<UpstreamName> upstream, IReadOnlyList<PlannedListener> listeners) =>
        from listener in listeners
        where Leads(upstream.Value, listener.Options.Address)
        select new Problem(
            upstream.Place == SourceLocation.Default ? listener.Place : upstream.Place,
            $"the upstream {upstream.Value} is the gate's own listener {listener.Options.Address}: "
                + "write another port for one of them (Ollama's own is 127.0.0.1:11434)"
        );

    /// <summary>Whether a connection to the address arrives at the listener.</summary>
    public bool Leads(IPEndPoint to, ListenAddress listener) =>
        listener.Port == to.Port
        && (
            listener.IsUnspecified
                ? listener.Address!.AddressFamily == to.AddressFamily && IsHere(to.Address)
                : AddressesOf(listener).Contains(to.Address)
        );

    private bool Leads(UpstreamName upstream, ListenAddress listener) =>
        upstream.KnownAddresses.Any(address => Leads(new IPEndPoint(address, upstream.Port), listener));

    private bool Meet(ListenAddress first, ListenAddress second)
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

    private bool IsHere(IPAddress address) =>
        IPAddress.IsLoopback(address) || interfaces.Any(each => each.Address.Equals(address));
}
