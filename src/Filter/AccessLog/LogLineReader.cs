using System.Text.Json;

namespace FastGate.AccessLog;

/// <summary>Reads back what <see cref="LineWriter"/> wrote, and what older and newer versions of it write. Pure.</summary>
internal static class LogLineReader
{
    /// <summary>The line, or null for one that is broken. Members that are not known are passed over, absent ones stay empty.</summary>
    public static LogLine? Read(byte[] bytes)
    {
        try
        {
            return ReadObject(bytes);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            // No JSON, half a line, or text that is no Unicode.
            return null;
        }
    }

    private static LogLine? ReadObject(byte[] bytes)
    {
        Utf8JsonReader json = new(bytes);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
        LogLine line = new() { Bytes = bytes };
        bool hasTime = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            hasTime |= name == "time" && json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out _);
            line = With(line, name, ref json);
            json.Skip();
        }
        // To the end, so that what follows the object is found.
        bool isWhole = json.TokenType == JsonTokenType.EndObject && !json.Read();
        return isWhole && hasTime && (line.Dropped > 0 || line.Verdict.Length > 0) ? line : null;
    }

    private static LogLine With(LogLine line, string name, ref Utf8JsonReader json) => name switch
    {
        "time" => line with { Time = Time(ref json) },
        "peer" => line with { Peer = Text(ref json) ?? "" },
        "method" => line with { Method = Text(ref json) ?? "" },
        "path" => line with { Path = Text(ref json) ?? "" },
        "verdict" => line with { Verdict = Text(ref json) ?? "" },
        "rule" => line with { Rule = Text(ref json) },
        "status" => line with { Status = Number(ref json) },
        "up" => line with { BytesUp = Number(ref json) },
        "down" => line with { BytesDown = Number(ref json) },
        "firstByteMs" => line with { FirstByteMilliseconds = Milliseconds(ref json) },
        "durationMs" => line with { DurationMilliseconds = Milliseconds(ref json) },
        "gateMs" => line with { GateMilliseconds = Milliseconds(ref json) },
        "close" => line with { Close = Text(ref json) },
        "dropped" => line with { Dropped = Number(ref json) },
        _ => line,
    };

    private static DateTimeOffset Time(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out DateTimeOffset time) ? time : default;

    private static string? Text(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String ? json.GetString() : null;

    private static long Number(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) ? number : 0;

    private static double? Milliseconds(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double number) ? number : null;
}
