using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FastGate.Commands.Doctor;

/// <summary>An examination as one JSON object. Members are only ever added; <c>version</c> counts what is
/// not.</summary>
internal static class DoctorJson
{
    private const int Version = 1;

    private static readonly JsonWriterOptions Form = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(
        DoctorContext patient,
        IReadOnlyList<CheckReport> results,
        TimeSpan took,
        bool withExchanges
    )
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Form))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("target", patient.Options.Target?.ToString());
            json.WriteString("config", patient.IsRemote ? null : patient.Config.Path.Path);
            json.WriteStartArray("checks");
            foreach (CheckReport result in results)
                WriteCheck(json, result, withExchanges);
            json.WriteEndArray();
            WriteSummary(json, results, took);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length) + '\n';
    }

    private static void WriteCheck(Utf8JsonWriter json, CheckReport result, bool withExchanges)
    {
        json.WriteStartObject();
        json.WriteString("id", result.Check.Id);
        json.WriteString("group", CheckGroups.WordOf(result.Check.Group));
        json.WriteString("title", result.Check.Title);
        json.WriteString("outcome", Word(result.Finding.Outcome));
        json.WriteString("says", result.Finding.Message);
        json.WriteString("cure", result.Finding.Cure);
        json.WriteStartObject("facts");
        foreach (Fact fact in result.Finding.Facts)
        {
            if (fact.Number is { } number)
                json.WriteNumber(fact.Name, Math.Round(number, 3));
            else
                json.WriteString(fact.Name, fact.Text);
        }
        json.WriteEndObject();
        json.WriteNumber("tookMs", Round(result.Took));
        if (withExchanges)
            WriteExchanges(json, result.Exchanges);
        json.WriteEndObject();
    }

    private static void WriteExchanges(Utf8JsonWriter json, IReadOnlyList<ExchangeNote> notes)
    {
        json.WriteStartArray("exchanges");
        foreach (ExchangeNote note in notes)
        {
            json.WriteStartObject();
            json.WriteString("asked", note.Asked);
            json.WriteString("heard", note.Heard);
            json.WriteNumber("tookMs", Round(note.Took));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteSummary(Utf8JsonWriter json, IReadOnlyList<CheckReport> results, TimeSpan took)
    {
        json.WriteStartObject("summary");
        json.WriteNumber("passed", Count(results, CheckOutcome.Pass));
        json.WriteNumber("failed", Count(results, CheckOutcome.Fail));
        json.WriteNumber("skipped", Count(results, CheckOutcome.Skip));
        json.WriteNumber("tookMs", Round(took));
        json.WriteEndObject();
    }

    private static int Count(IReadOnlyList<CheckReport> results, CheckOutcome outcome) =>
        results.Count(result => result.Finding.Outcome == outcome);

    private static double Round(TimeSpan took) => Math.Round(took.TotalMilliseconds, 3);

    private static string Word(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => "pass",
            CheckOutcome.Fail => "fail",
            _ => "skip",
        };
}
