using System.Text.Json;

namespace FastGate.Proxy.AccessLog;

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
        Members members = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            string name = json.GetString()!;
            json.Read();
            members.Set(name, ref json);
            json.Skip();
        }
        // To the end, so that what follows the object is found.
        bool isWhole = json.TokenType == JsonTokenType.EndObject && !json.Read();
        return isWhole ? members.ToLine(bytes) : null;
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;

    private static string? Text(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.String ? json.GetString() : null;

    private static long Number(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) ? number : 0;

    private static double? Milliseconds(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double number) ? number : null;

    /// <summary>The members of a line as far as they have come.</summary>
    private struct Members
    {
        private DateTimeOffset? time;
        private string? peer;
        private string? method;
        private string? path;
        private string? verdict;
        private string? host;
        private string? rule;
        private string? close;
        private long status;
        private long up;
        private long down;
        private long dropped;
        private double? firstByte;
        private double? duration;
        private double? gate;

        public void Set(string name, ref Utf8JsonReader json)
        {
            switch (name)
            {
                case "time": time = Time(ref json); break;
                case "peer": peer = Text(ref json); break;
                case "method": method = Text(ref json); break;
                case "path": path = Text(ref json); break;
                case "verdict": verdict = Text(ref json); break;
                case "host": host = Text(ref json); break;
                case "rule": rule = Text(ref json); break;
                case "close": close = Text(ref json); break;
                case "status": status = Number(ref json); break;
                case "up": up = Number(ref json); break;
                case "down": down = Number(ref json); break;
                case "dropped": dropped = Number(ref json); break;
                case "firstByteMs": firstByte = Milliseconds(ref json); break;
                case "durationMs": duration = Milliseconds(ref json); break;
                case "gateMs": gate = Milliseconds(ref json); break;
            }
        }

        /// <summary>Null for what is neither an entry nor the mark of missing lines.</summary>
        public readonly LogLine? ToLine(byte[] bytes) => time is null || (dropped <= 0 && string.IsNullOrEmpty(verdict)) ? null : new LogLine
        {
            Time = time.Value,
            Peer = peer ?? "",
            Method = method ?? "",
            Path = path ?? "",
            Verdict = verdict ?? "",
            Host = host,
            Rule = rule,
            Status = status,
            BytesUp = up,
            BytesDown = down,
            FirstByteMilliseconds = firstByte,
            DurationMilliseconds = duration,
            GateMilliseconds = gate,
            Close = close,
            Dropped = Math.Max(0, dropped),
            Bytes = bytes,
        };
    }
}
