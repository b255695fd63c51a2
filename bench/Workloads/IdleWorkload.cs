using System.Diagnostics;
using FastGate.Bench.Answering;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;

namespace FastGate.Bench.Workloads;

/// <summary>Kept-alive connections that have had one answer and wait: what they hold in memory.</summary>
/// <remarks>
/// Twice, at rest each time: what a compiler leaves behind on the first connections is taken for theirs, and what a
/// program kept of them for the next ones is not seen in those.
/// </remarks>
internal static class IdleWorkload
{
    private const int WarmExchanges = 200;
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(4);

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        int connections = setting.Count(1_000, 50);
        ResultTable table = new(
            $"idle, {connections} connections",
            "resident memory, MB",
            "after the start",
            "with them",
            "kB a connection",
            "when they are gone",
            "with as many again",
            "kB a connection"
        );
        using Stage stage = Stage.Open(setting);
        foreach (Subject subject in stage.Subjects.Where(subject => !subject.IsDirect))
        {
            setting.Screen.Progress($"idle, {subject.Name}", 0, 1);
            Warm(subject, result);
            long started = subject.Process!.ResidentBytes();
            List<KeptClient> first = Open(subject, connections, result);
            long withFirst = AtRest(subject.Process);
            Close(first);
            long before = AtRest(subject.Process);
            List<KeptClient> clients = Open(subject, connections, result);
            long after = AtRest(subject.Process);
            // They must all still be there.
            foreach (KeptClient client in clients)
                Exchange(client, result);
            Close(clients);
            table.Add(
                subject.Name,
                Figure.Of(started / 1e6),
                Figure.Of(withFirst / 1e6),
                Figure.Of((withFirst - started) / 1e3 / connections),
                Figure.Of(before / 1e6),
                Figure.Of(after / 1e6),
                Figure.Of((after - before) / 1e3 / connections)
            );
        }
        result.Tables.Add(table);
        result.Notes.Add(
            "Each connection through FastGate and the C floor has an upstream connection of its own; "
                + "the others share a few."
        );
        return result;
    }

    private static void Warm(Subject subject, PartResult result)
    {
        using KeptClient client = Ask(subject, result);
        for (int i = 0; i < WarmExchanges; i++)
            Exchange(client, result);
    }

    private static List<KeptClient> Open(Subject subject, int connections, PartResult result) =>
        [.. Enumerable.Range(0, connections).Select(_ => Ask(subject, result))];

    private static void Close(List<KeptClient> clients)
    {
        foreach (KeptClient client in clients)
            client.Dispose();
    }

    /// <returns>Its resident memory when it has used no processor for a moment, or after some seconds.</returns>
    private static long AtRest(Child process)
    {
        long began = Stopwatch.GetTimestamp();
        double used;
        do
        {
            used = process.CpuSeconds();
            Thread.Sleep(Rest);
        } while (process.CpuSeconds() - used > Rest.TotalSeconds / 20 && Stopwatch.GetElapsedTime(began) < RestLimit);
        return process.ResidentBytes();
    }

    private static KeptClient Ask(Subject subject, PartResult result)
    {
        KeptClient client = new(subject.EndPoint, Requests.Version, Answers.VersionContent);
        Exchange(client, result);
        return client;
    }

    private static void Exchange(KeptClient client, PartResult result)
    {
        client.Exchange();
        result.Checked++;
        if (!client.IsRight())
            result.Wrong++;
    }
}
