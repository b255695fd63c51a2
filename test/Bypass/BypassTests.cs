using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>Nothing outside the allowlist arrives at Go's server, whatever bytes a client sends.</summary>
[TestClass]
public sealed class BypassTests
{
    private const int StreamsMin = 300;

    [TestMethod]
    public void Streams_AreManyAndNamedOnce()
    {
        var names = HostileStreams
            .BySubject.SelectMany(subject => subject.Value.Select(stream => $"{subject.Key}: {stream.Name}"))
            .ToArray();
        Assert.IsGreaterThanOrEqualTo(StreamsMin, names.Length);
        CollectionAssert.AllItemsAreUnique(names);
    }

    /// <summary>
    /// The harness can fail: with no gate, forbidden requests arrive in each subject, and in most streams.
    /// </summary>
    [TestMethod]
    public async Task WithoutAGate_ForbiddenRequestsArrive()
    {
        int leaking = 0;
        foreach (var (subject, streams) in HostileStreams.BySubject)
        {
            var leaks = await RunAsync(Way.Direct, streams, Pieces.Whole);
            Assert.IsNotEmpty(leaks, $"{subject} brings nothing forbidden even without a gate: it proves nothing.");
            leaking += leaks.Select(leak => leak.Stream).Distinct().Count();
        }
        Assert.IsGreaterThanOrEqualTo(
            StreamsMin,
            leaking,
            "Streams that bring something forbidden when nothing stops them."
        );
    }

    [TestMethod]
    [DynamicData(nameof(Gated))]
    public async Task ThroughAGate_NothingForbiddenArrives(Way way, Pieces pieces, string subject)
    {
        var leaks = await RunAsync(way, HostileStreams.BySubject[subject], pieces);
        Assert.IsEmpty(leaks, string.Join('\n', leaks.Select(leak => $"{leak.Report} arrived by {leak.Stream}")));
    }

    public static IEnumerable<(Way, Pieces, string)> Gated() =>
        from pieces in (Pieces[])[Pieces.Whole, Pieces.ByteByByte]
        from subject in HostileStreams.BySubject.Keys.Index()
        from way in Ways.InTurns(subject.Index + (int)pieces)
        select (way, pieces, subject.Item);

    private static async Task<IReadOnlyList<(HostileStream? Stream, GoReport Report)>> RunAsync(
        Way way,
        IReadOnlyList<HostileStream> streams,
        Pieces pieces
    )
    {
        var seen = new List<(HostileStream? Stream, GoReport Report)>();
        await using var ollama = await GoOllama.StartAsync();
        await using (var entrance = await Entrance.OpenAsync(way, ollama.Endpoint, "@seed"))
        {
            foreach (var stream in streams)
            {
                await SendAsync(entrance, stream, pieces);
                seen.AddRange((await ollama.SyncAsync()).Select(report => ((HostileStream?)stream, report)));
            }
        }
        // With the gate gone every connection is closed: what it still sent has been seen now.
        seen.AddRange((await ollama.EndAsync()).Select(report => ((HostileStream?)null, report)));
        return [.. seen.Where(one => !SeedAllowlist.Allows(one.Report.Method, one.Report.Path))];
    }

    private static async Task SendAsync(Entrance entrance, HostileStream stream, Pieces pieces)
    {
        try
        {
            await StreamRun.SendAsync(entrance.Endpoint, stream.Parts, pieces);
        }
        catch (TimeoutException stuck)
        {
            throw new AssertFailedException(
                $"The connection of {stream} was not closed after its client's FIN.",
                stuck
            );
        }
    }
}
