using System.Globalization;
using System.Text.Json;

namespace FastGate.Cli;

/// <summary>A line of the access log as people read it.</summary>
internal static class AccessLogLine
{
    /// <param name="json">A line as it stands in the log.</param>
    public static string Say(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement entry = document.RootElement;
        if (entry.TryGetProperty("dropped", out JsonElement dropped)) return $"{dropped} lines are missing here";
        DateTime time = entry.GetProperty("time").GetDateTime().ToLocalTime();
        string duration = $"{Milliseconds(entry, "durationMs")}, gate {Milliseconds(entry, "gateMs")}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{time:HH:mm:ss}  {entry.GetProperty("status")}  {Text(entry, "method")} {Text(entry, "path")}  {Text(entry, "verdict")}  {duration}");
    }

    private static string Milliseconds(JsonElement entry, string name) => entry.GetProperty(name) is { ValueKind: JsonValueKind.Number } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value.GetDouble():0.##} ms") : "-";

    // A client's bytes must not steer the terminal.
    private static string Text(JsonElement entry, string name) =>
        string.Concat((entry.GetProperty(name).GetString() ?? "").Select(c => char.IsControl(c) ? '?' : c));
}
