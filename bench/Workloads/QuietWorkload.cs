using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Workloads;

/// <summary>The processor time of a gate that has little to do: with an idle connection, during a silent prefill, and
/// while one token stream passes.</summary>
internal static class QuietWorkload
{
    private const int GapMilliseconds = 20;

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        using Stage stage = Stage.Open(setting);
        int milliseconds = setting.Count(5_000, 200);
        double[] idle = Idle(setting, stage, milliseconds, result),
            prefill = Prefill(setting, stage, milliseconds, result),
            tokens = Tokens(setting, stage, milliseconds / GapMilliseconds, result);
        Report(result, stage.Subjects, ("idle", idle), ("prefill", prefill), ("token stream", tokens));
        return result;
    }

    // All at the same time: none of them should do anything.
    private static double[] Idle(Setting setting, Stage stage, int milliseconds, PartResult result)
    {
        setting.Screen.Progress("quiet, idle", 0, 1);
        KeepAliveClient[] clients =
        [
            .. stage.Subjects.Select(subject => new KeepAliveClient(
                subject.EndPoint,
                Requests.Version,
                Responses.VersionContent
            )),
        ];
        Exchange(clients, result);
        double[] shares = SharesOf(stage.Subjects, milliseconds, () => Thread.Sleep(milliseconds));
        // The connections were open all the time.
        Exchange(clients, result);
        foreach (KeepAliveClient client in clients)
            client.Dispose();
        return shares;
    }

    private static double[] Prefill(Setting setting, Stage stage, int milliseconds, PartResult result)
    {
        setting.Screen.Progress("quiet, prefill", 0, 1);
        KeepAliveClient[] clients =
        [
            .. stage.Subjects.Select(
                (subject, i) =>
                    new KeepAliveClient(subject.EndPoint, Requests.Silence(milliseconds, i), Responses.ChatContent)
            ),
        ];
        double[] shares = SharesOf(stage.Subjects, milliseconds, () => Exchange(clients, result));
        foreach (KeepAliveClient client in clients)
        {
            // The upstream's report that the client stayed.
            stage.Server.ReadLine(TimeSpan.FromSeconds(5));
            client.Dispose();
        }
        return shares;
    }

    // One after the other, as a user has it.
    private static double[] Tokens(Setting setting, Stage stage, int events, PartResult result)
    {
        List<double> shares = [];
        foreach (Subject subject in stage.Subjects)
        {
            setting.Screen.Progress("quiet, token stream", shares.Count, stage.Subjects.Count);
            shares.AddRange(
                SharesOf(
                    [subject],
                    events * GapMilliseconds,
                    () => TokensWorkload.Take(subject, events, GapMilliseconds, new TokenCount(), result)
                )
            );
        }
        return [.. shares];
    }

    private static void Exchange(KeepAliveClient[] clients, PartResult result)
    {
        foreach (KeepAliveClient client in clients)
            client.Send();
        foreach (KeepAliveClient client in clients)
        {
            client.Receive();
            result.Checked++;
            if (!client.IsRight())
                result.Wrong++;
        }
    }

    /// <returns>For each subject, the processor time that it used, in percent of one core.</returns>
    private static double[] SharesOf(IReadOnlyList<Subject> subjects, int milliseconds, Action wait)
    {
        double[] before = [.. subjects.Select(subject => subject.CpuSeconds())];
        wait();
        return [.. subjects.Select((subject, i) => (subject.CpuSeconds() - before[i]) * 100_000 / milliseconds)];
    }

    private static void Report(
        PartResult result,
        IReadOnlyList<Subject> subjects,
        params (string Name, double[] Shares)[] times
    )
    {
        ResultTable table = new(
            $"quiet, an event every {GapMilliseconds} ms in the token stream",
            ["processor time, % of a core", .. times.Select(time => time.Name)]
        );
        for (int i = 0; i < subjects.Count; i++)
        {
            if (subjects[i].IsDirect)
                continue;
            table.Add([subjects[i].Name, .. times.Select(time => Figure.Of(time.Shares[i], 3))]);
            foreach ((string name, double[] shares) in times)
                result.Add($"quiet, {name}: % of a core", subjects[i].Name, shares[i]);
        }
        result.Tables.Add(table);
    }
}
