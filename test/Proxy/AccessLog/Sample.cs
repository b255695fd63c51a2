using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>An ordinary entry, and numbered ones.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Time = new(2025, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    public static AccessLogEntry Entry =>
        new()
        {
            Time = Time,
            Peer = "100.101.102.103"u8,
            Method = "POST"u8,
            Path = "/v1/chat/completions"u8,
            Rule = "POST /v1/chat/completions"u8,
            Verdict = "allowed"u8,
            Status = 200,
            BytesReceived = 1234,
            BytesSent = 56789,
            FirstByteMicroseconds = 12_345,
            DurationMicroseconds = 2_000_007,
            GateMicroseconds = 41,
        };

    /// <summary>Writes an entry with the path <c>/{number}</c>.</summary>
    public static bool WriteNumbered(AccessLogWriter log, int number)
    {
        Span<byte> path = stackalloc byte[16];
        path[0] = (byte)'/';
        number.TryFormat(path[1..], out int written);
        return log.Write(new AccessLogEntry { Time = Time, Path = path[..(written + 1)] });
    }
}
