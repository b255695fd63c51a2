using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FastGate.Test.Bypass;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>Compares the requests that arrived at Ollama with the permitted ones.</summary>
internal static partial class Arrivals
{
    /// <summary>Returns allowed requests that arrived altered, and required ones that did not arrive.</summary>
    public static IReadOnlyList<Violation> Violations(IEnumerable<SentStream> sent, IReadOnlyList<GoReport> reports)
    {
        var byName = sent.ToDictionary(one => one.Case.Index.ToString(CultureInfo.InvariantCulture));
        var permitted = byName
            .Values.SelectMany(one => one.Expected.Permitted)
            .GroupBy(KeyOf)
            .ToDictionary(group => group.Key, group => group.ToList());
        var violations = new List<Violation>();
        foreach (var report in reports.Where(report => SeedAllowlist.Allows(report.Method, report.Path)))
        {
            var candidates = permitted.GetValueOrDefault((report.Method, report.RequestUri), []);
            if (candidates.FindIndex(message => IsSame(message, report)) is >= 0 and var at)
                candidates.RemoveAt(at);
            else
                violations.Add(
                    new Violation(
                        ViolationKind.Altered,
                        StreamOf(report, byName),
                        $"{report}, {report.ContentBytes} bytes {report.ContentError}, was not sent in this form"
                    )
                );
        }
        violations.AddRange(Shared(reports, byName));
        var missing = permitted.Values.SelectMany(left => left).ToHashSet(ReferenceEqualityComparer.Instance);
        violations.AddRange(
            from one in byName.Values
            from message in one.Expected.Required
            where missing.Contains(message)
            select new Violation(
                ViolationKind.WronglyRefused,
                one.Case,
                $"{message.Method} {message.Target} did not arrive"
            )
        );
        return violations;
    }

    /// <summary>Returns the requests outside the allowlist; the stream is unknown.</summary>
    public static IEnumerable<Violation> Forbidden(IEnumerable<GoReport> reports) =>
        from report in reports
        where !SeedAllowlist.Allows(report.Method, report.Path)
        select new Violation(ViolationKind.Forbidden, null, $"{report} arrived");

    /// <summary>An upstream connection must serve only one client.</summary>
    private static IEnumerable<Violation> Shared(
        IReadOnlyList<GoReport> reports,
        Dictionary<string, SentStream> byName
    ) =>
        from connection in reports.GroupBy(report => report.Connection)
        let streams = connection.Select(report => StreamOf(report, byName)).OfType<StreamCase>().Distinct().ToArray()
        where streams.Length > 1 && !streams.Any(stream => NamesAll(stream, streams))
        select new Violation(
            ViolationKind.Altered,
            streams[1],
            $"it arrived on the upstream connection of stream {streams[0].Index}"
        );

    // A mutation may have given a request the id of another stream.
    private static bool NamesAll(StreamCase stream, StreamCase[] named) =>
        named.All(one => stream.Text.Contains($"i={one.Index}.", StringComparison.Ordinal));

    private static (string Method, string Target) KeyOf(StrictMessage message) => (message.Method, message.Target);

    /// <summary>Whether the content is the same or, where Go reports it as incomplete, the beginning of it.</summary>
    private static bool IsSame(StrictMessage message, GoReport report)
    {
        bool knowsEnd = report.ContentError.Length == 0;
        if (
            report.ContentBytes > message.Content.Length
            || (knowsEnd && (!message.IsWhole || report.ContentBytes < message.Content.Length))
        )
            return false;
        byte[] content = Encoding.Latin1.GetBytes(message.Content[..report.ContentBytes]);
        return Hash.Of(content) == report.ContentSha256
            && (report.Host.Length == 0 || report.Host.StartsWith("localhost:", StringComparison.Ordinal));
    }

    private static StreamCase? StreamOf(GoReport report, Dictionary<string, SentStream> byName) =>
        Name().Match(report.RequestUri) is { Success: true } name
        && byName.TryGetValue(name.Groups[1].Value, out var one)
            ? one.Case
            : null;

    [GeneratedRegex(@"[?&]i=(\d+)\.")]
    private static partial Regex Name();
}
