using System.Net;
using FastGate.Test.Differential;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>Nothing outside the allowlist arrives at Go's server, whatever bytes a client sends.</summary>
[TestClass]
public sealed class BypassTests
{
    private const int StreamsMin = 300;
    private const int StreamsAtATime = 48;

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
            // Without a gate each stream has a connection of its own.
            leaking += leaks.Select(leak => leak.Connection).Distinct().Count();
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
        if (leaks.Count > 0)
            Assert.Fail(
                string.Join('\n', await LeaksByStreamAsync(way, HostileStreams.BySubject[subject], pieces, leaks))
            );
    }

    public static IEnumerable<(Way, Pieces, string)> Gated() =>
        from pieces in (Pieces[])[Pieces.Whole, Pieces.ByteByByte]
        from subject in HostileStreams.BySubject.Keys.Index()
        from way in Ways.InTurns(subject.Index + (int)pieces)
        select (way, pieces, subject.Item);

    /// <summary>Sends all streams, many at a time; returns the forbidden requests that arrived.</summary>
    private static async Task<IReadOnlyList<GoReport>> RunAsync(
        Way way,
        IReadOnlyList<HostileStream> streams,
        Pieces pieces
    )
    {
        await using var ollama = await GoOllama.StartAsync();
        await using (var target = await Target.OpenAsync(way == Way.Direct ? "direct" : "gate", way, ollama.Endpoint))
        {
            await Parallel.ForEachAsync(
                streams,
                new ParallelOptions { MaxDegreeOfParallelism = StreamsAtATime },
                async (stream, _) => await SendAsync(target.Endpoint, stream, pieces)
            );
        }
        // With the gate stopped every connection is closed: no request is left unseen.
        var reports = await ollama.EndAsync();
        return [.. reports.Where(report => !SeedAllowlist.Allows(report.Method, report.Path))];
    }

    /// <summary>Sends the streams one by one, to find out which of them leaks.</summary>
    private static async Task<IReadOnlyList<string>> LeaksByStreamAsync(
        Way way,
        IReadOnlyList<HostileStream> streams,
        Pieces pieces,
        IReadOnlyList<GoReport> leaks
    )
    {
        List<string> found = [];
        foreach (var stream in streams)
        {
            foreach (var leak in await RunAsync(way, [stream], pieces))
                found.Add($"{leak} arrived by {stream}");
        }
        return found.Count > 0 ? found : [.. leaks.Select(leak => $"{leak} arrived, but by no stream alone")];
    }

    private static async Task SendAsync(IPEndPoint entrance, HostileStream stream, Pieces pieces)
    {
        try
        {
            await StreamRun.SendAsync(entrance, stream.Parts, pieces);
        }
        catch (TimeoutException exception)
        {
            throw new AssertFailedException(
                $"The connection of {stream} was not closed after its client's FIN.",
                exception
            );
        }
    }
}
