using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>
/// The outcome of a stream: final statuses in order, the requests that arrived, and whether the connection stayed open.
/// </summary>
/// <param name="Statuses">Of the final responses, except the one to the tail request.</param>
/// <param name="StaysOpen">Whether Ollama responded to the tail request.</param>
/// <param name="Arrivals">The complete requests that arrived, in order.</param>
/// <param name="MayEnd">Whether the connection may close when the stream is sent in pieces, at a refusal whose content
/// is still arriving.</param>
internal sealed record CorpusOutcome(
    IReadOnlyList<int> Statuses,
    bool StaysOpen,
    IReadOnlyList<Arrival> Arrivals,
    bool MayEnd
)
{
    /// <summary>The allowed request that precedes a stream.</summary>
    public static readonly string First = Requests.Show("Content-Length: 2", "{}");

    private const string Nothing = "nothing";

    /// <summary>
    /// Parses an <c>expect</c> block: the first line is <c>STATUS … , stays open</c>, each further line an arrival.
    /// </summary>
    public static CorpusOutcome Parse(string text)
    {
        var lines = text.Trim().Split('\n');
        var (statuses, end) = lines[0].Split(", ") is [var some, var rest]
            ? (some, rest)
            : throw new FormatException(lines[0]);
        return new CorpusOutcome(
            statuses == Nothing
                ? []
                : [.. statuses.Split(' ').Select(one => int.Parse(one, CultureInfo.InvariantCulture))],
            end is "stays open" or "stays open or ends" || (end == "ends" ? false : throw new FormatException(end)),
            [.. lines.Skip(1).Select(ArrivalOf)],
            end == "stays open or ends"
        );
    }

    public CorpusOutcome AfterAllowedRequest() =>
        this with
        {
            Statuses = [200, .. Statuses],
            Arrivals = [new Arrival("POST", "/api/show", Hash.OfLatin1("{}")), .. Arrivals],
        };

    /// <summary>Whether this outcome permits what a client saw, with the stream sent whole or in pieces.</summary>
    public bool Admits(IReadOnlyList<int> statuses, bool staysOpen, bool whole) =>
        (staysOpen == StaysOpen && statuses.SequenceEqual(Statuses))
        || (
            MayEnd
            && !whole
            && !staysOpen
            && statuses.Count > 0
            && statuses.SequenceEqual(Statuses.Take(statuses.Count))
        );

    private static Arrival ArrivalOf(string line)
    {
        var parts = line.Split(' ', 3);
        return new Arrival(
            parts[0],
            BypassCorpus.Unescape(parts[1]),
            Hash.OfLatin1(parts.Length > 2 ? BypassCorpus.Unescape(parts[2]) : "")
        );
    }
}
