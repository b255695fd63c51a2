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
    private static readonly TimeSpan RestLimit = TimeSpan.FromSeconds(4);

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        int connections = setting.Count(1_000, 50);
        var rest = TimeSpan.FromMilliseconds(setting.Count(300, 20));
        List<IdleMemory> all = [];
        using (Stage stage = Stage.Open(setting))
            foreach (Subject subject in stage.Subjects.Where(subject => !subject.IsDirect))
            {
                setting.Screen.Progress($"idle, {subject.Name}", 0, 1);
                all.Add(Measure(subject, connections, rest, result));
            }
        IdleReport.Add(result, all, connections);
        result.Notes.Add(
            "Each connection through a gate of this tree or the C floor has its own upstream connection; "
                + "the others share a few."
        );
        return result;
    }

    private static IdleMemory Measure(Subject subject, int connections, TimeSpan rest, PartResult result)
    {
        Child process = subject.Process!;
        MemoryUse listening = AtRest(process, rest);
        Warm(subject, result);
        MemoryUse started = AtRest(process, rest);
        List<KeepAliveClient> first = Open(subject, connections, result);
        MemoryUse withFirst = AtRest(process, rest);
        Close(first);
        MemoryUse closed = AtRest(process, rest);
        List<KeepAliveClient> clients = Open(subject, connections, result);
        MemoryUse withSecond = AtRest(process, rest);
        // All of them must still work.
        foreach (KeepAliveClient client in clients)
            Exchange(client, result);
        Close(clients);
        return new IdleMemory(subject.Name, listening, started, withFirst, closed, withSecond);
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

    /// <returns>The memory once the process has been idle for a moment, or after a few seconds.</returns>
    private static MemoryUse AtRest(Child process, TimeSpan rest)
    {
        long began = Stopwatch.GetTimestamp();
        double used;
        do
        {
            used = process.CpuSeconds();
            Thread.Sleep(rest);
        } while (process.CpuSeconds() - used > rest.TotalSeconds / 20 && Stopwatch.GetElapsedTime(began) < RestLimit);
        return process.Memory();
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
