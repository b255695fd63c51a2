using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>Sends streams through what is known to leak, and only counts the forbidden requests that arrive.</summary>
internal static class LeakRun
{
    public static async Task<Tally> RunAsync(string through, IEnumerable<StreamCase> streams)
    {
        var cases = streams.ToArray();
        await using var ollama = await GoOllama.StartAsync();
        await using (var target = await Target.OpenAsync(through, Way.Direct, ollama.Endpoint))
        {
            await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = DifferentialRun.StreamsAtATime },
                async (stream, _) => await StreamSender.SendAndGoAsync(target.Endpoint, stream));
        }
        // HAProxy keeps connections to its server: only its end closes them.
        var reports = await ollama.EndAsync();
        var tally = new Tally();
        tally.Add(cases.Length, reports.Count, Arrivals.Forbidden(reports));
        return tally;
    }
}
