using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;

namespace FastGate.Bench.Workloads;

/// <summary>A workload of single exchanges, with everything pinned to one core (how long the path is) and without (what
/// a user has).</summary>
internal static class TwoWays
{
    /// <param name="setting">Of the run.</param>
    /// <param name="result">Gets tables, charts and counts.</param>
    /// <param name="name">Of the workload.</param>
    /// <param name="pinned">Exchanges with each subject, pinned.</param>
    /// <param name="unpinned">Exchanges with each subject, not pinned; 0 for none, where pinning is possible.</param>
    /// <param name="open">The client of a subject.</param>
    public static void Measure(
        Setting setting,
        PartResult result,
        string name,
        int pinned,
        int unpinned,
        Func<Subject, IClient> open
    )
    {
        bool isPinned;
        using (Stage? stage = Stage.TryOpenPinned(setting))
        {
            isPinned = stage is not null;
            if (isPinned)
                Measure(setting, result, name, "pinned to one core", stage!, pinned, open);
        }
        if (!isPinned)
            result.Notes.Add("This system does not pin to a core: figures of a pinned run are missing.");
        if (isPinned && unpinned == 0)
            return;
        using Stage free = Stage.Open(setting);
        Measure(setting, result, name, "not pinned", free, Math.Max(unpinned, setting.Count(1_000, 50)), open);
    }

    private static void Measure(
        Setting setting,
        PartResult result,
        string name,
        string where,
        Stage stage,
        int exchanges,
        Func<Subject, IClient> open
    )
    {
        Turns turns = new(setting, $"{name}, {where}");
        IReadOnlyList<Measured> measured = turns.Run(stage.Subjects, exchanges, open);
        result.Checked += turns.Checked;
        result.Wrong += turns.Wrong;
        string file = $"{name}-{where.Replace(" to one core", "", StringComparison.Ordinal).Replace(' ', '-')}";
        string title = $"{name}, {where}, {Figure.Of(exchanges, 0)} exchanges each";
        result.Tables.Add(LatencyReport.Table(title, measured));
        result.Charts.Add(LatencyReport.Curves(file, title, "µs from request to whole answer", measured));
        result.Raw.Add(new RawLatencies(file, measured));
        (double p50, double p99) = LatencyReport.Added(measured, Peers.Gate);
        result.Added.Add(new Added(where, p50, p99));
    }
}
