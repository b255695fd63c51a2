using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FastGate.Commands.Shared;

/// <summary>Writes the JSON object that a verb prints with <c>--json</c>: indented, and legible without
/// escapes.</summary>
internal static class ReportJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="write">Writes the members.</param>
    /// <returns>The object, without a line break after it.</returns>
    public static string Of(Action<Utf8JsonWriter> write)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
