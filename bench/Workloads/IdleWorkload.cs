using System.Diagnostics;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>The memory of kept-alive connections that wait after one response.</summary>
/// <remarks>
/// Measured twice, each time at rest: memory that the compilers use during the first connections counts as theirs, and
/// memory that a program reuses for the second ones does not count as theirs.
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
            "after startup",
            "with connections",
            "kB per connection",
            "after they close",
            "with as many again",
            "kB a connection"
        );
        using Stage stage = Stage.Open(setting);
        foreach (Subject subject in stage.Subjects.Where(subject => !subject.IsDirect))
        {
            setting.Screen.Progress($"idle, {subject.Name}", 0, 1);
            Warm(subject, result);
            long started = subject.Process!.ResidentBytes();
            List<KeepAliveClient> first = Open(subject, connections, result);
            long withFirst = AtRest(subject.Process);
            Close(first);
            long before = AtRest(subject.Process);
            List<KeepAliveClient> clients = Open(subject, connections, result);
            long after = AtRest(subject.Process);
            // All of them must still work.
            foreach (KeepAliveClient client in clients)
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
            "Each connection through FastGate or the C floor has its own upstream connection; "
                + "the others share a few."
        );
        return result;
    }

    private static void Warm(Subject subject, PartResult result)
    {
        using KeepAliveClient client = ConnectAndExchange(subject, result);
        for (int i = 0; i < WarmExchanges; i++)
            Exchange(client, result);
    }

    private static List<KeepAliveClient> Open(Subject subject, int connections, PartResult result) =>
        [.. Enumerable.Range(0, connections).Select(_ => ConnectAndExchange(subject, result))];

    private static void Close(List<KeepAliveClient> clients)
    {
        foreach (KeepAliveClient client in clients)
            client.Dispose();
    }

    /// <returns>The resident memory once the process has been idle for a moment, or after a few seconds.</returns>
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

    private static KeepAliveClient ConnectAndExchange(Subject subject, PartResult result)
    {
        KeepAliveClient client = new(subject.EndPoint, Requests.Version, Responses.VersionContent);
        Exchange(client, result);
        return client;
    }

    private static void Exchange(KeepAliveClient client, PartResult result)
    {
        client.Exchange();
        result.Checked++;
        if (!client.IsRight())
            result.Wrong++;
    }
}
