using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>
/// Sends streams and only counts the forbidden requests that arrive: through a proxy with a known leak, or to a witness
/// whose responses prove nothing.
/// </summary>
internal static class LeakRun
{
    /// <summary>Sends the streams to Go's server.</summary>
    public static async Task<Tally> RunAsync(string through, IEnumerable<StreamCase> streams)
    {
        await using var ollama = await GoOllama.StartAsync();
        return await RunAsync(through, Way.Direct, streams, ollama);
    }

    /// <param name="through">One of <see cref="Target.Names"/>.</param>
    /// <param name="backend">The backend, if the target is the gate.</param>
    /// <param name="streams">The streams to send.</param>
    /// <param name="witness">The server behind the target.</param>
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
        // HAProxy keeps connections to its server open until it exits.
        var reports = await witness.EndAsync();
        var tally = new Tally();
        tally.Add(cases.Length, reports.Count, Arrivals.Forbidden(reports));
        return tally;
    }
}
