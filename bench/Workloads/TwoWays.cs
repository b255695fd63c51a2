using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;

namespace FastGate.Bench.Workloads;

/// <summary>Runs a workload of single exchanges twice: pinned to one core (the length of the path) and not pinned (what
/// a user gets), the latter also while every core has other work.</summary>
internal static class TwoWays
{
    private const string Busy = "not pinned, busy machine";

    /// <param name="setting">Settings of the run.</param>
    /// <param name="result">Receives tables, charts and counts.</param>
    /// <param name="name">Name of the workload.</param>
    /// <param name="pinned">Exchanges with each subject, pinned.</param>
    /// <param name="unpinned">Exchanges with each subject, not pinned; 0 to skip this where pinning works.</param>
    /// <param name="open">Creates the client of a subject.</param>
    /// <param name="busy">Exchanges with each subject, not pinned, on a busy machine; 0 to skip this.</param>
    public static void Measure(
        Setting setting,
        PartResult result,
        string name,
        int pinned,
        int unpinned,
        Func<Subject, IClient> open,
        int busy = 0
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
            result.Notes.Add("This system cannot pin processes to a core, so there are no pinned figures.");
        if (isPinned && unpinned == 0)
            return;
        using Stage free = Stage.Open(setting);
        Measure(setting, result, name, "not pinned", free, Math.Max(unpinned, setting.Count(1_000, 50)), open);
        if (busy == 0)
            return;
        using OtherLoad load = new();
        Measure(setting, result, name, Busy, free, busy, open);
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
        string workload = $"{name}, {where}";
        Turns turns = new(setting, workload);
        IReadOnlyList<Measured> measured = turns.Run(stage.Subjects, exchanges, open);
        result.Checked += turns.Checked;
        result.Wrong += turns.Wrong;
        string file = workload
            .Replace(" to one core", "", StringComparison.Ordinal)
            .Replace(",", "", StringComparison.Ordinal)
            .Replace(' ', '-');
        string title = $"{workload}, {Figure.Of(exchanges, 0)} exchanges each";
        result.Tables.Add(LatencyReport.Table(title, measured));
        LatencyReport.AddFigures(result, workload, measured);
        result.Charts.Add(LatencyReport.Curves(file, title, "µs from request to whole response", measured));
        result.Raw.Add(new RawLatencies(file, measured));
        // What other work adds is not the gate's.
        if (where == Busy)
            return;
        (double p50, double p99) = LatencyReport.Added(measured, Peers.Gate);
        result.Added.Add(new Added(where, p50, p99));
    }
}
