using System.Diagnostics;
using FastGate.Bench.Children;

namespace FastGate.Bench.Load;

/// <summary>
/// Runs exchanges with each subject in turn, a block at a time (A B C A B C …), so that other load on the machine
/// affects all of them alike.
/// </summary>
internal sealed class Turns(Setting setting, string what)
{
    private const int BlockExchanges = 50;

    // Tiered compilation counts calls, waits, and compiles in the background: on one core this takes seconds.
    private const int WarmExchanges = 1_500;
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(4);

    public long Checked { get; private set; }

    public long Wrong { get; private set; }

    /// <param name="subjects">Direct first.</param>
    /// <param name="exchanges">Exchanges with each subject, after a warm-up for the compilers.</param>
    /// <param name="open">Creates the client of a subject.</param>
    public IReadOnlyList<Measured> Run(IReadOnlyList<Subject> subjects, int exchanges, Func<Subject, IClient> open)
    {
        IClient[] clients = [.. subjects.Select(open)];
        try
        {
            WarmUp(clients);
            double[] before = [.. subjects.Select(subject => subject.CpuSeconds())];
            Latencies[] latencies = [.. subjects.Select(_ => new Latencies(exchanges))];
            Rounds(clients, latencies, exchanges);
            return
            [
                .. subjects.Select(
                    (subject, i) => new Measured(subject.Name, latencies[i], subject.CpuSeconds() - before[i])
                ),
            ];
        }
        finally
        {
            foreach (IClient client in clients)
                client.Dispose();
        }
    }

    private void WarmUp(IClient[] clients)
    {
        Latencies discarded = new(WarmExchanges);
        long began = Stopwatch.GetTimestamp();
        for (int done = 0; done < WarmExchanges || Stopwatch.GetElapsedTime(began) < WarmTime; done += BlockExchanges)
        {
            setting.Screen.Progress($"{what}, warming up", done, WarmExchanges);
            foreach (IClient client in clients)
                Block(client, discarded, BlockExchanges);
            if (setting.Quick)
                return;
        }
    }

    private void Rounds(IClient[] clients, Latencies[] latencies, int exchanges)
    {
        for (int done = 0; done < exchanges; done += BlockExchanges)
        {
            setting.Screen.Progress(what, done, exchanges);
            for (int i = 0; i < clients.Length; i++)
                Block(clients[i], latencies[i], Math.Min(BlockExchanges, exchanges - done));
        }
    }

    private void Block(IClient client, Latencies latencies, int exchanges)
    {
        for (int i = 0; i < exchanges; i++)
        {
            long began = Stopwatch.GetTimestamp();
            client.Exchange();
            latencies.Add(Stopwatch.GetTimestamp() - began);
            Checked++;
            if (!client.IsRight())
                Wrong++;
        }
    }
}
