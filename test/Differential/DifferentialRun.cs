using System.Collections.Concurrent;
using System.Net;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>
/// Sends streams, many at a time, and compares what Go's server understood with what the strictest parser finds in
/// them.
/// </summary>
/// <param name="entrance">The address under attack.</param>
/// <param name="ollama">The witness server behind it.</param>
internal sealed class DifferentialRun(IPEndPoint entrance, GoOllama ollama)
{
    private const int BatchStreams = 1000;
    private const int ViolationsEnough = 50;

    public const int StreamsAtATime = 64;

    public async Task RunAsync(IEnumerable<StreamCase> streams, Tally tally, Action<Tally>? progress = null)
    {
        foreach (var batch in streams.Chunk(BatchStreams))
        {
            var (arrived, violations) = await BatchAsync(batch);
            // Send the streams one by one to find the one that leaks.
            if (batch.Length > 1 && violations.Any(violation => violation.Stream is null))
                violations =
                [
                    .. violations.Where(violation => violation.Stream is not null),
                    .. await OneByOneAsync(batch),
                ];
            tally.Add(batch.Length, arrived, violations);
            progress?.Invoke(tally);
            // These violations suffice, and a witness with open connections would delay every further batch.
            if (
                tally.Violations.Count >= ViolationsEnough
                || violations.Any(violation => violation.Kind == ViolationKind.Hung)
            )
                return;
        }
    }

    private async Task<IReadOnlyList<Violation>> OneByOneAsync(IReadOnlyList<StreamCase> batch)
    {
        var violations = new List<Violation>();
        foreach (var stream in batch)
        {
            var (_, found) = await BatchAsync([stream]);
            violations.AddRange(
                found
                    .Where(violation => violation.Kind is ViolationKind.Forbidden or ViolationKind.Altered)
                    .Select(violation => violation with { Stream = stream })
            );
            if (found.Count > 0)
                break;
        }
        return violations.Count > 0
            ? violations
            :
            [
                new Violation(
                    ViolationKind.Forbidden,
                    null,
                    "from one of many concurrent streams, from none of them alone"
                ),
            ];
    }

    private async Task<(int Arrived, IReadOnlyList<Violation> Violations)> BatchAsync(StreamCase[] batch)
    {
        var sent = new ConcurrentBag<SentStream>();
        await Parallel.ForEachAsync(
            batch,
            new ParallelOptions { MaxDegreeOfParallelism = StreamsAtATime },
            async (stream, _) => sent.Add(await StreamSender.SendAsync(entrance, stream))
        );
        IReadOnlyList<GoReport> reports;
        try
        {
            reports = await ollama.SyncAsync();
        }
        catch (AssertFailedException exception)
        {
            return (
                0,
                [
                    new Violation(
                        ViolationKind.Hung,
                        batch[0],
                        $"{exception.Message} The batch that begins here left it open"
                    ),
                    .. sent.SelectMany(one => one.Violations()),
                ]
            );
        }
        var violations = Arrivals.Forbidden(reports);
        return (
            reports.Count,
            [.. violations, .. Arrivals.Violations(sent, reports), .. sent.SelectMany(one => one.Violations())]
        );
    }
}
