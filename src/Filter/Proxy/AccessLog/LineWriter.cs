namespace FastGate.Proxy.AccessLog;

/// <summary>Writes an <see cref="AccessLogEntry"/> as one line of JSON. Allocates nothing.</summary>
internal static class LineWriter
{
    /// <summary>The maximum length of a line, whatever the entry.</summary>
    public const int LineBytesMax = (TextBytesMax * JsonLine.EscapedByteMax) + RestBytesMax;

    public const int PathBytesMax = 256;
    public const int RuleBytesMax = 256;

    // The longest registered method is UPDATEREDIRECTREF (17 bytes), the longest address 45 bytes and a zone.
    public const int MethodBytesMax = 32;
    public const int PeerBytesMax = 64;
    public const int VerdictBytesMax = 64;

    // The longest DNS name.
    public const int HostBytesMax = 253;

    private const int TextBytesMax =
        PathBytesMax + RuleBytesMax + MethodBytesMax + PeerBytesMax + VerdictBytesMax + HostBytesMax;

    // Names, braces and quotes (197), the time (33 while it is written), six numbers (127), a close reason (23),
    // ellipses (18).
    private const int RestBytesMax = 512;

    /// <summary>
    /// Writes the line and its line feed, and returns their length in bytes.
    /// <paramref name="line"/> must have at least <see cref="LineBytesMax"/> bytes.
    /// </summary>
    public static int Write(Span<byte> line, in AccessLogEntry entry)
    {
        JsonLine json = new(line);
        json.Raw("{\"time\":"u8);
        json.Time(entry.Time);
        json.Raw(",\"peer\":"u8);
        json.Text(entry.Peer, PeerBytesMax);
        json.Raw(",\"method\":"u8);
        json.Text(entry.Method, MethodBytesMax);
        json.Raw(",\"path\":"u8);
        json.Text(entry.Path, PathBytesMax);
        json.Raw(",\"verdict\":"u8);
        json.Text(entry.Verdict, VerdictBytesMax);
        if (!entry.Host.IsEmpty)
        {
            json.Raw(",\"host\":"u8);
            json.Text(entry.Host, HostBytesMax);
        }

        json.Raw(",\"rule\":"u8);
        json.TextOrNull(entry.Rule, RuleBytesMax);
        json.Raw(",\"status\":"u8);
        json.Number(entry.Status);
        json.Raw(",\"bytesReceived\":"u8);
        json.Number(entry.BytesReceived);
        json.Raw(",\"bytesSent\":"u8);
        json.Number(entry.BytesSent);
        json.Raw(",\"firstByteMs\":"u8);
        json.MillisecondsOrNull(entry.FirstByteMicroseconds);
        json.Raw(",\"durationMs\":"u8);
        json.MillisecondsOrNull(entry.DurationMicroseconds);
        json.Raw(",\"gateMs\":"u8);
        json.MillisecondsOrNull(entry.GateMicroseconds);
        json.Raw(",\"close\":"u8);
        ReadOnlySpan<byte> close = CloseReasons.Word(entry.Close);
        json.TextOrNull(close, close.Length);
        if (entry.IsProbe)
            json.Raw(",\"probe\":true"u8);
        json.Raw("}\n"u8);
        return json.Length;
    }

    /// <summary>
    /// Writes the line that marks where <paramref name="dropped"/> lines are missing.
    /// <paramref name="line"/> must have at least <see cref="LineBytesMax"/> bytes.
    /// </summary>
    public static int WriteDropped(Span<byte> line, DateTimeOffset time, long dropped)
    {
        JsonLine json = new(line);
        json.Raw("{\"time\":"u8);
        json.Time(time);
        json.Raw(",\"dropped\":"u8);
        json.Number(dropped);
        json.Raw("}\n"u8);
        return json.Length;
    }
}

/// <summary>A fixed-size buffer of complete lines. Not thread-safe.</summary>
internal sealed class LineBuffer(int capacityBytes)
{
    private readonly byte[] _bytes = new byte[capacityBytes];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public int Lines { get; private set; }

    public bool IsHalfFull => _length >= _bytes.Length / 2;

    /// <summary>Whether another entry fits, and the line that counts dropped ones.</summary>
    public bool HasRoom => _bytes.Length - _length >= 2 * LineWriter.LineBytesMax;

    public void Append(in AccessLogEntry entry)
    {
        _length += LineWriter.Write(_bytes.AsSpan(_length), entry);
        Lines++;
    }

    public void AppendDropped(DateTimeOffset time, long dropped) =>
        _length += LineWriter.WriteDropped(_bytes.AsSpan(_length), time, dropped);

    public void Clear() => (_length, Lines) = (0, 0);
}
