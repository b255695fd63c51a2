using System.Net.Sockets;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;

namespace FastGate.Bench.Workloads;

/// <summary>
/// Server-sent events of 120 bytes, chunked. Each carries its send time, by the clock that all processes share, from
/// which the client computes the delay.
/// </summary>
internal static class TokensWorkload
{
    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        using Stage stage = Stage.Open(setting);
        Warm(setting, stage, result);
        Slow(setting, stage, result);
        Fast(setting, stage, result);
        return result;
    }

    private static void Warm(Setting setting, Stage stage, PartResult result)
    {
        setting.Screen.Progress("tokens, warming up", 0, 1);
        foreach (Subject subject in stage.Subjects)
            Take(subject, setting.Count(100, 10), 1, new TokenCount(), result);
    }

    /// <summary>All subjects at the same time, each slightly offset, so that none is delayed by another's
    /// events.</summary>
    private static void Slow(Setting setting, Stage stage, PartResult result)
    {
        const int gap = 20;
        int events = setting.Count(500, 10);
        setting.Screen.Progress($"tokens, {gap} ms apart", 0, 1);
        TokenCount[] counts = [.. stage.Subjects.Select(_ => new TokenCount())];
        Thread[] threads =
        [
            .. stage.Subjects.Select(
                (subject, i) =>
                    new Thread(() =>
                    {
                        Thread.Sleep(TimeSpan.FromMilliseconds((double)gap * i / stage.Subjects.Count));
                        Take(subject, events, gap, counts[i], result);
                    })
            ),
        ];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Report(result, $"tokens, an event every {gap} ms", $"tokens-{gap}ms", stage.Subjects, counts);
    }

    /// <summary>One subject after another.</summary>
    private static void Fast(Setting setting, Stage stage, PartResult result)
    {
        const int gap = 1;
        int events = setting.Count(300, 20),
            rounds = setting.Count(4, 1);
        TokenCount[] counts = [.. stage.Subjects.Select(_ => new TokenCount())];
        for (int round = 0; round < rounds; round++)
        {
            setting.Screen.Progress($"tokens, {gap} ms apart", round, rounds);
            for (int i = 0; i < counts.Length; i++)
                Take(stage.Subjects[i], events, gap, counts[i], result);
        }
        Report(result, $"tokens, an event every {gap} ms", $"tokens-{gap}ms", stage.Subjects, counts);
    }

    /// <summary>Reads one stream, checks every event, and adds its delays.</summary>
    public static void Take(Subject subject, int events, int gap, TokenCount count, PartResult result)
    {
        using Socket socket = KeepAliveClient.Connect(subject.EndPoint);
        socket.Send(Requests.Tokens(events, gap));
        TokenReader reader = new(socket);
        bool whole = reader.Read(events);
        count.Add(reader, events);
        lock (result)
        {
            result.Checked += events;
            result.Wrong += whole ? 0 : Math.Max(reader.Wrong, 1);
        }
    }

    private static void Report(
        PartResult result,
        string title,
        string file,
        IReadOnlyList<Subject> subjects,
        TokenCount[] counts
    )
    {
        ResultTable table = new(
            title,
            "delay of an event, ms",
            "p50",
            "p90",
            "p99",
            "largest",
            "added p50",
            "added p99",
            "reads / events"
        );
        Latencies direct = counts[0].Delays;
        double direct50 = direct.Microseconds(0.5),
            direct99 = direct.Microseconds(0.99);
        for (int i = 0; i < counts.Length; i++)
        {
            Latencies delays = counts[i].Delays;
            table.Add(
                subjects[i].Name,
                Milliseconds(delays, 0.5),
                Milliseconds(delays, 0.9),
                Milliseconds(delays, 0.99),
                Milliseconds(delays, 1),
                i == 0 ? Figure.None : Figure.Of((delays.Microseconds(0.5) - direct50) / 1000, 3),
                i == 0 ? Figure.None : Figure.Of((delays.Microseconds(0.99) - direct99) / 1000, 3),
                $"{counts[i].Reads} / {counts[i].Events}"
            );
            string name = subjects[i].Name;
            result.Add($"{title}: whole p50, ms", name, delays.Microseconds(0.5) / 1000);
            result.Add($"{title}: whole p99, ms", name, delays.Microseconds(0.99) / 1000);
            result.Add($"{title}: reads per event", name, (double)counts[i].Reads / counts[i].Events);
            if (i == 0)
                continue;
            result.Add($"{title}: added p50, ms", name, (delays.Microseconds(0.5) - direct50) / 1000);
            result.Add($"{title}: added p99, ms", name, (delays.Microseconds(0.99) - direct99) / 1000);
        }
        result.Tables.Add(table);
        Measured[] measured = [.. subjects.Select((subject, i) => new Measured(subject.Name, counts[i].Delays, 0))];
        result.Charts.Add(LatencyReport.Curves(file, title, "µs from sending an event to its arrival", measured));
        result.Raw.Add(new RawLatencies(file, measured));
    }

    private static string Milliseconds(Latencies delays, double share) =>
        Figure.Of(delays.Microseconds(share) / 1000, 3);
}

/// <summary>The events of one subject over several streams.</summary>
internal sealed class TokenCount
{
    public Latencies Delays { get; } = new(2048);

    public int Reads { get; private set; }

    public int Events { get; private set; }

    public void Add(TokenReader reader, int events)
    {
        Delays.Add(reader.Delays);
        Reads += reader.Reads;
        Events += events;
    }
}
