using System.Text.Json;

namespace FastGate.Proxy.AccessLog;

/// <summary>Reads back what <see cref="LineWriter"/> wrote, and what older and newer versions of it write.
/// Pure.</summary>
internal static class LogLineReader
{
    /// <summary>The line, or null for one that is broken. Members that are not known are passed over, absent ones stay
    /// empty.</summary>
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
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            return null;
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

    private static string? Text(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String ? json.GetString() : null;

    private static long Number(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) ? number : 0;

    private static double? Milliseconds(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double number) ? number : null;

    /// <summary>The members of a line as far as they have come.</summary>
    private struct Members
    {
        private DateTimeOffset? _time;
        private string? _peer;
        private string? _method;
        private string? _path;
        private string? _verdict;
        private string? _host;
        private string? _rule;
        private string? _close;
        private long _status;
        private long _up;
        private long _down;
        private long _dropped;
        private double? _firstByte;
        private double? _duration;
        private double? _gate;

        public void Set(string name, ref Utf8JsonReader json)
        {
            switch (name)
            {
                case "time":
                    _time = Time(ref json);
                    break;
                case "peer":
                    _peer = Text(ref json);
                    break;
                case "method":
                    _method = Text(ref json);
                    break;
                case "path":
                    _path = Text(ref json);
                    break;
                case "verdict":
                    _verdict = Text(ref json);
                    break;
                case "host":
                    _host = Text(ref json);
                    break;
                case "rule":
                    _rule = Text(ref json);
                    break;
                case "close":
                    _close = Text(ref json);
                    break;
                case "status":
                    _status = Number(ref json);
                    break;
                case "up":
                    _up = Number(ref json);
                    break;
                case "down":
                    _down = Number(ref json);
                    break;
                case "dropped":
                    _dropped = Number(ref json);
                    break;
                case "firstByteMs":
                    _firstByte = Milliseconds(ref json);
                    break;
                case "durationMs":
                    _duration = Milliseconds(ref json);
                    break;
                case "gateMs":
                    _gate = Milliseconds(ref json);
                    break;
            }
        }

        /// <summary>Null for what is neither an entry nor the mark of missing lines.</summary>
        public readonly LogLine? ToLine(byte[] bytes) =>
            _time is null || (_dropped <= 0 && string.IsNullOrEmpty(_verdict))
                ? null
                : new LogLine
                {
                    Time = _time.Value,
                    Peer = _peer ?? "",
                    Method = _method ?? "",
                    Path = _path ?? "",
                    Verdict = _verdict ?? "",
                    Host = _host,
                    Rule = _rule,
                    Status = _status,
                    BytesUp = _up,
                    BytesDown = _down,
                    FirstByteMilliseconds = _firstByte,
                    DurationMilliseconds = _duration,
                    GateMilliseconds = _gate,
                    Close = _close,
                    Dropped = Math.Max(0, _dropped),
                    Bytes = bytes,
                };
    }
}
