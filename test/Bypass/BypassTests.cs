using System.Net;
using FastGate.Test.Differential;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>No request outside the allowlist arrives at Go's server, whatever bytes a client sends.</summary>
[TestClass]
public sealed class BypassTests
{
    private const int StreamsMin = 300;
    private const int StreamsAtATime = 48;

    [TestMethod]
    public void Streams_AreManyAndHaveUniqueNames()
    {
        var names = HostileStreams
            .BySubject.SelectMany(subject => subject.Value.Select(stream => $"{subject.Key}: {stream.Name}"))
            .ToArray();
        Assert.IsGreaterThanOrEqualTo(StreamsMin, names.Length);
        CollectionAssert.AllItemsAreUnique(names);
    }

    /// <summary>
    /// Checks that the test can fail: without a gate, forbidden requests arrive in every subject and from most streams.
    /// </summary>
    [TestMethod]
    public async Task WithoutAGate_ForbiddenRequestsArrive()
    {
        int leaking = 0;
        foreach (var (subject, streams) in HostileStreams.BySubject)
        {
            var leaks = await RunAsync(Way.Direct, streams, Pieces.Whole);
            Assert.IsNotEmpty(
                leaks,
                $"{subject} delivers nothing forbidden even without a gate, so it proves nothing."
            );
            // Without a gate, each stream has its own connection.
            leaking += leaks.Select(leak => leak.Connection).Distinct().Count();
        }
        Assert.IsGreaterThanOrEqualTo(StreamsMin, leaking, "streams that deliver something forbidden without a gate");
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

    /// <summary>Sends all streams, many at a time, and returns the forbidden requests that arrived.</summary>
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
        // Stopping the gate closes every connection, so that every request is reported.
        var reports = await ollama.EndAsync();
        return [.. reports.Where(report => !SeedAllowlist.Allows(report.Method, report.Path))];
    }

    /// <summary>Sends the streams one by one to find the ones that leak.</summary>
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
                found.Add($"{leak} arrived from {stream}");
        }
        return found.Count > 0 ? found : [.. leaks.Select(leak => $"{leak} arrived, but from no single stream")];
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
