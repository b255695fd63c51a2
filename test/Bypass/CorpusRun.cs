using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>
/// Sends one stream of the corpus in many ways concurrently, and compares the outcome with the expected one.
/// </summary>
internal static partial class CorpusRun
{
    private const int StreamsAtATime = 48;

    private const string NotRead = "not read";

    /// <summary>
    /// Sends the stream whole, byte by byte and cut in two, alone and after an allowed request; returns the violations.
    /// </summary>
    /// <param name="entrance">The address under attack.</param>
    /// <param name="ollama">The witness server behind it.</param>
    /// <param name="stream">The stream to send.</param>
    /// <param name="cuts">The offsets at which it is cut in two, one per run.</param>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(
        IPEndPoint entrance,
        GoOllama ollama,
        CorpusStream stream,
        IEnumerable<int> cuts
    )
    {
        var afterAllowed = stream.AfterAllowedRequest();
        (CorpusStream Stream, Pieces Pieces, int Cut)[] runs =
        [
            (stream, Pieces.Whole, 0),
            (stream, Pieces.ByteByByte, 0),
            (afterAllowed, Pieces.Whole, 0),
            (afterAllowed, Pieces.ByteByByte, 0),
            .. cuts.Select(cut => (stream, Pieces.Cut, cut)),
        ];
        var violations = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = StreamsAtATime },
            async (run, _) =>
            {
                if (await ViolationAsync(entrance, run.Stream, run.Pieces, run.Cut) is { } violation)
                    violations.Add(violation);
            }
        );
        var expected = runs.SelectMany(run => run.Stream.Expected.Arrivals);
        return
        [
            .. violations.Distinct(),
            .. ViolationsOfArrivals(await ollama.SyncAsync(), expected, stream.Expected.MayEnd),
        ];
    }

    private static async Task<string?> ViolationAsync(IPEndPoint entrance, CorpusStream stream, Pieces pieces, int cut)
    {
        byte[] responses;
        try
        {
            responses = await StreamRun.SendAsync(entrance, stream.Parts, pieces, cut);
        }
        catch (TimeoutException)
        {
            return $"hung ({pieces} {cut})";
        }
        bool staysOpen = StreamRun.TailArrived(responses);
        int[] statuses =
        [
            .. Final()
                .Matches(Encoding.Latin1.GetString(responses))
                .Select(match => int.Parse(match.Groups[1].ValueSpan, null)),
        ];
        if (staysOpen)
            statuses = statuses[..^1];
        return stream.Expected.Admits(statuses, staysOpen, pieces == Pieces.Whole)
            ? null
            : $"{string.Join(' ', statuses)}, {(staysOpen ? "stays open" : "ends")} "
                + $"({pieces} {cut}{(stream.IsAfterAllowedRequest ? ", after an allowed request" : "")})";
    }

    /// <summary>
    /// Each request arrives as often as it was sent; fewer times only if the connection may have ended before.
    /// </summary>
    private static IEnumerable<string> ViolationsOfArrivals(
        IEnumerable<GoReport> reports,
        IEnumerable<Arrival> expected,
        bool mayEnd
    )
    {
        var seen = reports
            .Where(report => !IsTail(report) && !IsCutShort(report))
            .CountBy(report => new Arrival(report.Method, report.RequestUri, report.ContentSha256))
            .ToDictionary();
        var wanted = expected.CountBy(arrival => arrival).ToDictionary();
        foreach (var arrival in seen.Keys.Union(wanted.Keys))
        {
            int times = seen.GetValueOrDefault(arrival),
                due = wanted.GetValueOrDefault(arrival);
            if (times > due || (times < due && !mayEnd))
                yield return $"{arrival} arrived {times} times instead of {due}";
        }
    }

    private static bool IsTail(GoReport report) => report.RequestUri == StreamRun.TailTarget;

    // Go reports that the content is incomplete; what it has must be the beginning of something allowed.
    private static bool IsCutShort(GoReport report) =>
        report.ContentError is not ("" or NotRead) && SeedAllowlist.Allows(report.Method, report.Path);

    [GeneratedRegex(@"HTTP/1\.[01] ([2-5][0-9][0-9]) [A-Z][^\r]*\r\n")]
    private static partial Regex Final();
}
