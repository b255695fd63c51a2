using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;
using FastGate.Commands.Shared;

namespace FastGate.Bench.Workloads;

/// <summary>
/// A client disconnects during a silent prefill, with a FIN or a reset: measures how long until the upstream, which
/// would stop computing, notices.
/// </summary>
internal static class AbortWorkload
{
    private static readonly bool[] BothWays = [true, false];

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        using Stage stage = Stage.Open(setting);
        int silence = setting.Count(4_000, 600),
            patience = setting.Count(1_000, 200),
            rounds = setting.Count(5, 1);
        List<AbortTrial> trials = [];
        for (int round = 0; round < rounds; round++)
        {
            setting.Screen.Progress("abort", round, rounds);
            trials.AddRange(Round(stage, trials.Count, silence, patience));
        }
        result.Checked = trials.Count;
        // A gate must forward the disconnect, however long that takes.
        result.Wrong = trials.Count(trial => !trial.IsReported || (trial.IsOwn && trial.Seen is null));
        Report(result, stage.Subjects, trials, silence - patience);
        return result;
    }

    private static AbortTrial[] Round(Stage stage, int firstId, int silence, int patience)
    {
        AbortTrial[] trials =
        [
            .. stage
                .Subjects.SelectMany(subject => BothWays, (subject, isFin) => (subject, isFin))
                .Select((way, i) => AbortTrial.Begin(way.subject, way.isFin, firstId + i, silence)),
        ];
        // The time after which the client gives up; the upstream stays silent longer.
        Thread.Sleep(patience);
        foreach (AbortTrial trial in trials)
        {
            trial.Go();
            Thread.Sleep(10);
        }
        foreach (AbortTrial _ in trials)
        {
            string[] report = stage.Server.ReadLine(TimeSpan.FromMilliseconds(silence + 5_000)).Split(' ');
            trials[int.Parse(report[0], CultureInfo.InvariantCulture) - firstId]
                .Report(long.Parse(report[1], CultureInfo.InvariantCulture));
        }
        return trials;
    }

    private static void Report(PartResult result, IReadOnlyList<Subject> subjects, List<AbortTrial> trials, int most)
    {
        ResultTable table = new(
            $"abort, in the middle of {most / 1000.0:0.#} s of silence still to come",
            "ms until the upstream notices",
            "FIN, median",
            "FIN, longest",
            "reset, median",
            "reset, longest"
        );
        foreach (string name in subjects.Select(subject => subject.Name))
            table.Add([
                name,
                .. Cells(result, name, "FIN", trials.Where(trial => trial.Subject == name && trial.IsFin)),
                .. Cells(result, name, "reset", trials.Where(trial => trial.Subject == name && !trial.IsFin)),
            ]);
        result.Tables.Add(table);
    }

    private static string[] Cells(PartResult result, string subject, string way, IEnumerable<AbortTrial> trials)
    {
        double[] times = [.. trials.Select(trial => trial.Seen?.TotalMilliseconds ?? double.PositiveInfinity).Order()];
        result.Add($"abort, {way}: longest, ms", subject, times[^1]);
        return [Cell(Quantiles.NearestRank<double>(times, 0.5)), Cell(times[^1])];
    }

    private static string Cell(double milliseconds) =>
        double.IsFinite(milliseconds) ? Figure.Short(milliseconds) : "not before its response";
}

/// <summary>One client that disconnects before its response arrives.</summary>
internal sealed class AbortTrial
{
    private readonly Socket _socket;
    private long _gone;

    private AbortTrial(Subject subject, bool isFin, Socket socket)
    {
        Subject = subject.Name;
        IsOwn = subject.IsOwn;
        IsFin = isFin;
        _socket = socket;
    }

    public string Subject { get; }

    public bool IsOwn { get; }

    /// <summary>Whether it closes with a FIN, as a program that exits does; otherwise with a reset.</summary>
    public bool IsFin { get; }

    /// <summary>The upstream has reported.</summary>
    public bool IsReported { get; private set; }

    /// <summary>Time until the upstream noticed; null when it did not.</summary>
    public TimeSpan? Seen { get; private set; }

    public static AbortTrial Begin(Subject subject, bool isFin, long id, int silenceMilliseconds)
    {
        Socket socket = KeepAliveClient.Connect(subject.EndPoint);
        socket.Send(Requests.Silence(silenceMilliseconds, id));
        return new AbortTrial(subject, isFin, socket);
    }

    public void Go()
    {
        if (!IsFin)
            _socket.LingerState = new LingerOption(true, 0);
        _gone = Stopwatch.GetTimestamp();
        _socket.Dispose();
    }

    /// <param name="seen">When the upstream noticed, or 0.</param>
    public void Report(long seen)
    {
        IsReported = true;
        Seen = seen == 0 ? null : Stopwatch.GetElapsedTime(_gone, seen);
    }
}
