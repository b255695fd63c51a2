using System.Text.Json;

namespace FastGate.Proxy.AccessLog;

/// <summary>One line read from the access log: an entry, or the count of lines missing at this place.
/// Immutable.</summary>
/// <remarks>Each byte sent by a client is one character here, from U+0000 to U+00FF, so the texts are not safe for a
/// terminal.</remarks>
internal sealed record LogLine
{
    /// <summary>The verdict of an allowed request.</summary>
    public const string Allowed = "allowed";

    /// <summary>When the first byte of the request arrived.</summary>
    public DateTimeOffset Time { get; init; }

    public string Peer { get; init; } = "";

    public string Method { get; init; } = "";

    public string Path { get; init; } = "";

    public string Verdict { get; init; } = "";

    /// <summary>The refused host name; null if the name was not refused, or the gate is older.</summary>
    public string? Host { get; init; }

    public string? Rule { get; init; }

    public long Status { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    public double? FirstByteMilliseconds { get; init; }

    public double? DurationMilliseconds { get; init; }

    public double? GateMilliseconds { get; init; }

    /// <summary>The name of a <see cref="CloseReason"/>; null if the connection stayed open.</summary>
    public string? Close { get; init; }

    /// <summary>The client was doctor or install.</summary>
    public bool IsProbe { get; init; }

    /// <summary>The number of lines missing at this place; 0 for an entry.</summary>
    public long Dropped { get; init; }

    /// <summary>The line as it is in the file, without its line feed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The gate refused the request: no rule, an unknown host name, or malformed. A client that disconnected
    /// was not refused.</summary>
    public bool IsRefused =>
        Dropped == 0 && Verdict is not (Allowed or "unavailable" or "overloaded" or "head-incomplete");

    /// <summary>When the exchange ended.</summary>
    public DateTimeOffset End =>
        Time + TimeSpan.FromMilliseconds(Math.Clamp(DurationMilliseconds ?? 0, 0, int.MaxValue));
}

/// <summary>Parses the lines of <see cref="LineWriter"/>, including those of older and newer versions.</summary>
internal static class LogLineReader
{
    /// <summary>Parses a line, or returns null if it is invalid. Ignores unknown members, and leaves missing ones
    /// empty.</summary>
    public static LogLine? Read(byte[] bytes)
    {
        try
        {
            return ReadObject(bytes);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Not JSON, an incomplete line, or text that is not valid Unicode.
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
        // Read throws if anything follows the object.
        bool isComplete = json.TokenType == JsonTokenType.EndObject && !json.Read();
        return isComplete ? members.ToLine(bytes) : null;
    }

    private static DateTimeOffset? Time(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String && json.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;

    private static string? Text(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.String ? json.GetString() : null;

    private static long Number(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) ? number : 0;

    private static double? Milliseconds(ref Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number && json.TryGetDouble(out double number) ? number : null;

    /// <summary>The members read so far.</summary>
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
        private long _bytesReceived;
        private long _bytesSent;
        private long _dropped;
        private double? _firstByte;
        private double? _duration;
        private double? _gate;
        private bool _isProbe;

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
                // "up" and "down" in logs of earlier versions.
                case "bytesReceived" or "up":
                    _bytesReceived = Number(ref json);
                    break;
                case "bytesSent" or "down":
                    _bytesSent = Number(ref json);
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
                case "probe":
                    _isProbe = json.TokenType == JsonTokenType.True;
                    break;
                case "gateMs":
                    _gate = Milliseconds(ref json);
                    break;
            }
        }

        /// <summary>Returns null if the line is neither an entry nor a count of missing lines.</summary>
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
                    BytesReceived = _bytesReceived,
                    BytesSent = _bytesSent,
                    FirstByteMilliseconds = _firstByte,
                    DurationMilliseconds = _duration,
                    GateMilliseconds = _gate,
                    Close = _close,
                    IsProbe = _isProbe,
                    Dropped = Math.Max(0, _dropped),
                    Bytes = bytes,
                };
    }
}
