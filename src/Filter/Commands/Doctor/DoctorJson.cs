using System.Text.Json;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Doctor;

/// <summary>The results as one JSON object. A new member leaves <c>version</c> as it is; any other change raises
/// it.</summary>
internal static class DoctorJson
{
    private const int Version = 1;

    public static string Write(
        DoctorContext context,
        IReadOnlyList<CheckReport> reports,
        TimeSpan took,
        bool withExchanges
    ) =>
        ReportJson.Of(json =>
        {
            json.WriteNumber("version", Version);
            json.WriteString("target", context.Options.Target?.ToString());
            json.WriteString("config", context.IsRemote ? null : context.Config.Path.Path);
            json.WriteStartArray("checks");
            foreach (CheckReport report in reports)
                WriteCheck(json, report, withExchanges);
            json.WriteEndArray();
            WriteSummary(json, reports, took);
        }) + '\n';

    private static void WriteCheck(Utf8JsonWriter json, CheckReport report, bool withExchanges)
    {
        json.WriteStartObject();
        json.WriteString("id", report.Check.Id);
        json.WriteString("group", CheckGroups.WordOf(report.Check.Group));
        json.WriteString("title", report.Check.Title);
        json.WriteString("outcome", Word(report.Result.Outcome));
        json.WriteString("message", report.Result.Message);
        json.WriteString("fix", report.Result.Cure);
        json.WriteStartObject("facts");
        foreach (Fact fact in report.Result.Facts)
        {
            if (fact.Number is { } number)
                json.WriteNumber(fact.Name, Math.Round(number, 3));
            else
                json.WriteString(fact.Name, fact.Text);
        }
        json.WriteEndObject();
        json.WriteNumber("tookMs", Round(report.Took));
        if (withExchanges)
            WriteExchanges(json, report.Exchanges);
        json.WriteEndObject();
    }

    private static void WriteExchanges(Utf8JsonWriter json, IReadOnlyList<ExchangeNote> notes)
    {
        json.WriteStartArray("exchanges");
        foreach (ExchangeNote note in notes)
        {
            json.WriteStartObject();
            json.WriteString("request", note.Sent);
            json.WriteString("response", note.Received);
            json.WriteNumber("tookMs", Round(note.Took));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSummary(Utf8JsonWriter json, IReadOnlyList<CheckReport> reports, TimeSpan took)
    {
        json.WriteStartObject("summary");
        json.WriteNumber("passed", Count(reports, CheckOutcome.Pass));
        json.WriteNumber("failed", Count(reports, CheckOutcome.Fail));
        json.WriteNumber("skipped", Count(reports, CheckOutcome.Skip));
        json.WriteNumber("tookMs", Round(took));
        json.WriteEndObject();
    }

    private static int Count(IReadOnlyList<CheckReport> reports, CheckOutcome outcome) =>
        reports.Count(report => report.Result.Outcome == outcome);

    private static double Round(TimeSpan took) => Math.Round(took.TotalMilliseconds, 3);

    private static string Word(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => "pass",
            CheckOutcome.Fail => "fail",
            _ => "skip",
        };
}
