using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>
/// Sends streams and only counts the forbidden requests that arrive: through a proxy that is known to leak, or to a
/// witness whose responses prove nothing.
/// </summary>
internal static class LeakRun
{
    /// <summary>To Go's server.</summary>
    public static async Task<Tally> RunAsync(string through, IEnumerable<StreamCase> streams)
    {
        await using var ollama = await GoOllama.StartAsync();
        return await RunAsync(through, Way.Direct, streams, ollama);
    }

    /// <param name="through">One of <see cref="Target.Names"/>.</param>
    /// <param name="backend">Of the gate, if it is one.</param>
    /// <param name="streams">What is sent.</param>
    /// <param name="witness">Where it goes.</param>
    public static async Task<Tally> RunAsync(
        string through,
        Way backend,
        IEnumerable<StreamCase> streams,
        IWitness witness
    )
    {
        var cases = streams.ToArray();
        await using (var target = await Target.OpenAsync(through, backend, witness.Endpoint))
        {
            await Parallel.ForEachAsync(
                cases,
                new ParallelOptions { MaxDegreeOfParallelism = DifferentialRun.StreamsAtATime },
                async (stream, _) => await StreamSender.SendAndGoAsync(target.Endpoint, stream)
            );
        }
        // HAProxy keeps connections to its server: only its end closes them.
        var reports = await witness.EndAsync();
        var tally = new Tally();
        tally.Add(cases.Length, reports.Count, Arrivals.Forbidden(reports));
        return tally;
    }
}
