using System.Diagnostics;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>Many connections at once, each in a closed loop: requests per second, and processor time per
/// request.</summary>
internal static class CrowdWorkload
{
    // Those that the targets name are measured longest.
    private static readonly int[] LongSizes = [64, 256];
    private static readonly int[] Sizes = [1, 4, 16, 64, 256];

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        using Stage stage = Stage.Open(setting);
        int rounds = setting.Count(3, 1);
        Dictionary<(string, int), CrowdCount> counts = [];
        // The first round warms up the compilers.
        for (int round = setting.Quick ? 1 : 0; round <= rounds; round++)
        {
            foreach (int size in Sizes)
            {
                setting.Screen.Progress(
                    "crowd",
                    round * Sizes.Length + Array.IndexOf(Sizes, size),
                    (rounds + 1) * Sizes.Length
                );
                foreach (Subject subject in stage.Subjects)
                {
                    CrowdCount count = Run(
                        subject,
                        size,
                        TimeSpan.FromMilliseconds(setting.Count(LongSizes.Contains(size) ? 400 : 200, 20))
                    );
                    result.Checked += count.Requests;
                    result.Wrong += count.Wrong;
                    if (round > 0)
                        counts[(subject.Name, size)] = counts
                            .GetValueOrDefault((subject.Name, size), CrowdCount.None)
                            .Plus(count);
                }
            }
        }
        Report(result, stage.Subjects, counts);
        return result;
    }

    /// <summary>
    /// One thread receives the responses in the order of the requests: the first is most likely to be ready, so the
    /// client needs two system calls a request and no readiness calls, and is the same for all.
    /// </summary>
    private static CrowdCount Run(Subject subject, int size, TimeSpan time)
    {
        KeepAliveClient[] clients =
        [
            .. Enumerable
                .Range(0, size)
                .Select(_ => new KeepAliveClient(subject.EndPoint, Requests.Version, Responses.VersionContent)),
        ];
        double cpu = subject.CpuSeconds();
        long began = Stopwatch.GetTimestamp(),
            requests = 0,
            wrong = 0;
        foreach (KeepAliveClient client in clients)
            client.Send();
        for (bool goOn = true; goOn; )
        {
            goOn = Stopwatch.GetElapsedTime(began) < time;
            foreach (KeepAliveClient client in clients)
            {
                client.Receive();
                requests++;
                if (!client.IsRight())
                    wrong++;
                if (goOn)
                    client.Send();
            }
        }
        CrowdCount count = new(
            requests,
            wrong,
            Stopwatch.GetElapsedTime(began).TotalSeconds,
            subject.CpuSeconds() - cpu
        );
        foreach (KeepAliveClient client in clients)
            client.Dispose();
        return count;
    }

    private static void Report(
        PartResult result,
        IReadOnlyList<Subject> subjects,
        Dictionary<(string, int), CrowdCount> counts
    )
    {
        string[] columns = ["connections", .. Sizes.Select(size => $"{size}")];
        ResultTable rates = new("crowd, requests per second, not pinned", columns),
            costs = new("crowd, requests per second of the subject's processor time, not pinned", columns),
            ratios = new("crowd, requests per CPU second to FastGate's", columns);
        foreach (Subject subject in subjects)
        {
            CrowdCount[] all = [.. Sizes.Select(size => counts[(subject.Name, size)])];
            rates.Add([subject.Name, .. all.Select(count => Figure.Of(count.PerSecond, 0))]);
            foreach ((int size, CrowdCount count) in Sizes.Zip(all))
                result.Add($"crowd, {size} connections: requests per second", subject.Name, count.PerSecond);
            if (subject.IsDirect)
                continue;
            costs.Add([subject.Name, .. all.Select(count => Figure.Of(count.PerCpuSecond, 0))]);
            ratios.Add([
                subject.Name,
                .. Sizes.Select(size =>
                    Figure.Times(counts[(subject.Name, size)].PerCpuSecond, counts[(Peers.Gate, size)].PerCpuSecond)
                ),
            ]);
            foreach ((int size, CrowdCount count) in Sizes.Zip(all))
                result.Add($"crowd, {size} connections: requests per CPU second", subject.Name, count.PerCpuSecond);
        }
        result.Tables.AddRange([rates, costs, ratios]);
        result.Charts.Add(
            new Chart(
                "crowd",
                "crowd, not pinned",
                "requests per second",
                "connections",
                LogY: false,
                [.. Sizes.Select(size => new Tick(Math.Log2(size), $"{size}"))],
                [
                    .. subjects.Select(subject => new Curve(
                        subject.Name,
                        [.. Sizes.Select(size => (Math.Log2(size), counts[(subject.Name, size)].PerSecond))]
                    )),
                ]
            )
        );
    }
}

/// <summary>The result of many connections to one subject, over several rounds.</summary>
internal sealed record CrowdCount(long Requests, long Wrong, double Seconds, double CpuSeconds)
{
    public static CrowdCount None { get; } = new(0, 0, 0, 0);

    public double PerSecond => Requests / Seconds;

    public double PerCpuSecond => Requests / CpuSeconds;

    public CrowdCount Plus(CrowdCount other) =>
        new(Requests + other.Requests, Wrong + other.Wrong, Seconds + other.Seconds, CpuSeconds + other.CpuSeconds);
}
