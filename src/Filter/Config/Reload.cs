using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;

namespace FastGate.Config;

/// <summary>What a new plan changes in a running gate, and what needs a restart.</summary>
/// <param name="Policies">The new policy of each running listener, in the listeners' order.</param>
/// <param name="NeedRestart">The config members that differ but apply only after a restart.</param>
internal sealed record Reload(IReadOnlyList<GatePolicy> Policies, IReadOnlyList<string> NeedRestart)
{
    /// <param name="running">The plan that the gate was started with.</param>
    /// <param name="present">The policies in force.</param>
    /// <param name="next">The new plan.</param>
    public static Reload Of(GatePlan running, IReadOnlyList<GatePolicy> present, GatePlan next) =>
        new(
            [.. running.Listeners.Select((listener, i) => PolicyOf(listener, present[i], next))],
            [.. Differences(running, next)]
        );

    // A listener missing from the new plan keeps its rules until the restart.
    private static GatePolicy PolicyOf(PlannedListener running, GatePolicy present, GatePlan next)
    {
        PlannedListener? same = next.Listeners.FirstOrDefault(listener =>
            listener.Options.Address == running.Options.Address
        );
        // The upstream changes only at a restart, and with it the Host it receives.
        return same is null ? present : same.Options.Policy with { UpstreamHost = present.UpstreamHost };
    }

    private static IEnumerable<string> Differences(GatePlan running, GatePlan next)
    {
        if (!AddressesOf(running).SequenceEqual(AddressesOf(next)))
            yield return "listen";
        else if (!running.Listeners.Zip(next.Listeners).All(pair => IsFromSame(pair.First, pair.Second)))
            yield return "from";
        if (running.Upstream != next.Upstream)
            yield return "upstream";
        if (running.AccessLog != next.AccessLog)
            yield return "accessLog";
        if (running.Backend != next.Backend)
            yield return "backend";
        if (running.PollTime != next.PollTime)
            yield return "poll";
        if (running.MetricsSocket != next.MetricsSocket)
            yield return "metrics.socket";
        foreach (NumberMember member in NumberMember.All)
        {
            if (member.Get(running) != member.Get(next))
                yield return member.Path;
        }
    }

    private static IEnumerable<ListenAddress> AddressesOf(GatePlan plan) =>
        plan.Listeners.Select(listener => listener.Options.Address);

    private static bool IsFromSame(PlannedListener first, PlannedListener second) =>
        (first.Options.From ?? []).SequenceEqual(second.Options.From ?? []);
}
