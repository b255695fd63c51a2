using FastGate.Bench.Answering;
using FastGate.Bench.Children;
using FastGate.Bench.Load;
using FastGate.Bench.Report;

namespace FastGate.Bench.Workloads;

/// <summary>Kept-alive connections that have had one answer and wait: what they hold in memory.</summary>
internal static class IdleWorkload
{
    private const int WarmExchanges = 200;

    public static PartResult Measure(Setting setting)
    {
        PartResult result = new();
        int connections = setting.Count(1_000, 50);
        ResultTable table = new($"idle, {connections} connections", "resident memory", "before, MB", "with them, MB", "kB a connection");
        using Stage stage = Stage.Open(setting);
        foreach (Subject subject in stage.Subjects.Where(subject => !subject.IsDirect))
        {
            setting.Screen.Progress($"idle, {subject.Name}", 0, 1);
            Warm(subject, result);
            long before = subject.Process!.ResidentBytes();
            List<KeptClient> clients = [.. Enumerable.Range(0, connections).Select(_ => Ask(subject, result))];
            long after = subject.Process.ResidentBytes();
            // They must all still be there.
            foreach (KeptClient client in clients) Exchange(client, result);
            foreach (KeptClient client in clients) client.Dispose();
            table.Add(subject.Name, Figure.Of(before / 1e6), Figure.Of(after / 1e6), Figure.Of((after - before) / 1e3 / connections));
        }
        result.Tables.Add(table);
        result.Notes.Add("Each connection through FastGate and the C floor has an upstream connection of its own; the others share a few.");
        return result;
    }

    private static void Warm(Subject subject, PartResult result)
    {
        using KeptClient client = Ask(subject, result);
        for (int i = 0; i < WarmExchanges; i++) Exchange(client, result);
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
        if (!client.IsRight()) result.Wrong++;
    }
}
