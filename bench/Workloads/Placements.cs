using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;

namespace FastGate.Bench.Workloads;

/// <summary>How many exchanges to run with each subject, by where the processes run; 0 to skip one.</summary>
/// <param name="Pinned">All on one core: the length of the path.</param>
/// <param name="NotPinned">Where the system puts them, as a user has it. Measured in any case where nothing can be
/// pinned.</param>
/// <param name="TwoCores">The subject on one core, client and upstream on another: the same without the system's
/// luck.</param>
/// <param name="Busy">Not pinned, while every core has other work.</param>
internal sealed record ExchangeCounts(int Pinned, int NotPinned = 0, int TwoCores = 0, int Busy = 0);

/// <summary>Runs a workload of single exchanges in several placements of its processes.</summary>
internal static class Placements
{
    private const string Pinned = "pinned to one core";
    private const string NotPinned = "not pinned";
    private const string TwoCores = "on two cores";
    private const string Busy = "not pinned, busy machine";

    /// <param name="setting">Settings of the run.</param>
    /// <param name="result">Receives tables, charts and counts.</param>
    /// <param name="name">Name of the workload.</param>
    /// <param name="counts">How many exchanges in each placement.</param>
    /// <param name="open">Creates the client of a subject.</param>
    public static void Measure(
        Setting setting,
        PartResult result,
        string name,
        ExchangeCounts counts,
        Func<Subject, IClient> open
    )
    {
        bool isPinned;
        using (Stage? stage = Stage.TryOpenPinned(setting))
        {
            isPinned = stage is not null;
            if (isPinned)
                Measure(setting, result, name, Pinned, stage!, counts.Pinned, open);
        }
        if (!isPinned)
            result.Notes.Add("This system cannot pin processes to a core, so there are no pinned figures.");
        if (isPinned && counts.TwoCores > 0)
            using (Stage? stage = Stage.TryOpenOnTwoCores(setting))
                if (stage is not null)
                    Measure(setting, result, name, TwoCores, stage, counts.TwoCores, open);
        if (isPinned && counts.NotPinned == 0)
            return;
        using Stage free = Stage.Open(setting);
        int exchanges = Math.Max(counts.NotPinned, setting.Count(1_000, 50));
        Measure(setting, result, name, NotPinned, free, exchanges, open);
        if (counts.Busy == 0)
            return;
        using OtherLoad load = new();
        Measure(setting, result, name, Busy, free, counts.Busy, open);
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
        // The sentence about a run is of what a user has, and of the path alone.
        if (where is not (Pinned or NotPinned))
            return;
        (double p50, double p99) = LatencyReport.Added(measured, Peers.Gate);
        result.Added.Add(new Added(where, p50, p99));
    }
}
