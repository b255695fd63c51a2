using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>What came of a stream: final statuses in order, what arrived, and whether the connection went on.</summary>
/// <param name="Statuses">Of the final answers, without that to the request behind the stream.</param>
/// <param name="StaysOpen">The request behind the stream was answered by Ollama.</param>
/// <param name="Arrivals">Whole requests that arrived, in order.</param>
/// <param name="MayEnd">In pieces, the connection may end at a refusal whose content is still coming.</param>
internal sealed record CorpusOutcome(
    IReadOnlyList<int> Statuses,
    bool StaysOpen,
    IReadOnlyList<Arrival> Arrivals,
    bool MayEnd
)
{
    /// <summary>The request that a stream is put behind.</summary>
    public static readonly string First = Requests.Show("Content-Length: 2", "{}");

    private const string Nothing = "nothing";

    /// <summary>Reads an <c>expect</c> block, whose first line is <c>STATUS … , goes on</c>, and each other an
    /// arrival.</summary>
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
            end is "goes on" or "goes on or ends" || (end == "ends" ? false : throw new FormatException(end)),
            [.. lines.Skip(1).Select(ArrivalOf)],
            end == "goes on or ends"
        );
    }

    public CorpusOutcome Behind() =>
        this with
        {
            Statuses = [200, .. Statuses],
            Arrivals = [new Arrival("POST", "/api/show", Hash.OfLatin1("{}")), .. Arrivals],
        };

    /// <summary>Whether a client of such a stream may see this, when it was sent whole or in pieces.</summary>
    public bool Admits(IReadOnlyList<int> statuses, bool staysOpen, bool whole) =>
        (staysOpen == StaysOpen && statuses.SequenceEqual(Statuses))
        || (MayEnd && !whole && !staysOpen && statuses.Count > 0 && statuses.SequenceEqual(Statuses.Take(statuses.Count)));

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
