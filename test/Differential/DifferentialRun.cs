using System.Collections.Concurrent;
using System.Net;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>
/// Sends streams, many at a time, and compares what Go's server understood with what the strictest reader finds in
/// them.
/// </summary>
/// <param name="entrance">What is attacked.</param>
/// <param name="ollama">The witness behind it.</param>
internal sealed class DifferentialRun(IPEndPoint entrance, GoOllama ollama)
{
    private const int BatchStreams = 1000;
    private const int FindingsEnough = 50;

    public const int StreamsAtATime = 64;

    public async Task RunAsync(IEnumerable<StreamCase> streams, Tally tally, Action<Tally>? progress = null)
    {
        foreach (var batch in streams.Chunk(BatchStreams))
        {
            var (arrived, findings) = await BatchAsync(batch);
            // Which stream it was is found out by sending them one by one.
            if (batch.Length > 1 && findings.Any(finding => finding.Stream is null))
                findings = [.. findings.Where(finding => finding.Stream is not null), .. await OneByOneAsync(batch)];
            tally.Add(batch.Length, arrived, findings);
            progress?.Invoke(tally);
            // Enough is shown, and a witness with connections left open would only be waited for again and again.
            if (tally.Findings.Count >= FindingsEnough || findings.Any(finding => finding.Kind == FindingKind.Hung))
                return;
        }
    }

    private async Task<IReadOnlyList<Finding>> OneByOneAsync(IReadOnlyList<StreamCase> batch)
    {
        var findings = new List<Finding>();
        foreach (var stream in batch)
        {
            var (_, found) = await BatchAsync([stream]);
            findings.AddRange(
                found
                    .Where(finding => finding.Kind is FindingKind.Forbidden or FindingKind.Altered)
                    .Select(finding => finding with { Stream = stream })
            );
            if (found.Count > 0)
                break;
        }
        return findings.Count > 0
            ? findings
            : [new Finding(FindingKind.Forbidden, null, "by one of many at a time, by none of them alone")];
    }

    private async Task<(int Arrived, IReadOnlyList<Finding> Findings)> BatchAsync(StreamCase[] batch)
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
        catch (AssertFailedException held)
        {
            return (
                0,
                [
                    new Finding(FindingKind.Hung, batch[0], $"{held.Message} The batch that begins here left it so"),
                    .. sent.SelectMany(one => one.Findings()),
                ]
            );
        }
        var findings = Arrivals.Forbidden(reports);
        return (
            reports.Count,
            [.. findings, .. Arrivals.Findings(sent, reports), .. sent.SelectMany(one => one.Findings())]
        );
    }
}
