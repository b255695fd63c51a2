using FastGate.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Metrics;

/// <summary>Reads counts from snapshots.</summary>
internal static class Counts
{
    public static long Of(this IEnumerable<NamedCount> counts, string name) =>
        counts.Single(count => count.Name == name).Count;

    public static long All(this IEnumerable<NamedCount> counts) => counts.Sum(count => count.Count);

    /// <summary>Formats the counts that are not 0: <c>allowed 3, refused-path 1</c>.</summary>
    public static string Describe(this IEnumerable<NamedCount> counts) =>
        string.Join(", ", counts.Where(count => count.Count > 0).Select(count => $"{count.Name} {count.Count}"));

    public static string Describe(this IEnumerable<RuleCount> rules) =>
        string.Join(
            ", ",
            rules
                .Where(rule => rule.Count > 0)
                .Select(rule => $"{rule.Rule} {rule.Count}{(rule.InForce ? "" : " retired")}")
        );

    /// <summary>Waits until this many exchanges and connections have ended, and returns the counts.</summary>
    public static async Task<GateSnapshot> CountsAsync(this RunningGate gate, int exchanges, int ended = 0)
    {
        GateSnapshot snapshot = await gate.Gate.TakeSnapshotAsync();
        await Until.HoldsAsync(
            async () =>
            {
                snapshot = await gate.Gate.TakeSnapshotAsync();
                return snapshot.Listeners.Sum(listener => listener.Verdicts.All()) >= exchanges
                    && snapshot.Listeners.Sum(listener => listener.Connections - listener.ConnectionsOpen) >= ended;
            },
            $"{exchanges} exchanges and {ended} connections end"
        );
        return snapshot;
    }
}
