namespace FastGate.Proxy.AccessLog;

/// <summary>Writes an <see cref="AccessLogEntry"/> as one line of JSON. Pure, and allocates nothing.</summary>
internal static class LineWriter
{
    /// <summary>No line is longer, whatever an entry holds.</summary>
    public const int LineBytesMax = (TextBytesMax * JsonLine.EscapedByteMax) + RestBytesMax;

    public const int PathBytesMax = 256;
    public const int RuleBytesMax = 256;

    // The longest registered method is UPDATEREDIRECTREF (17 bytes), the longest address 45 bytes and a zone.
    public const int MethodBytesMax = 32;
    public const int PeerBytesMax = 64;
    public const int VerdictBytesMax = 64;

    // The longest name that DNS can hold.
    public const int HostBytesMax = 253;

    private const int TextBytesMax =
        PathBytesMax + RuleBytesMax + MethodBytesMax + PeerBytesMax + VerdictBytesMax + HostBytesMax;

    // Names, braces and quotes (168), time (33 while it is written), six numbers (127), a close reason (22), ellipses
    // (18).
    private const int RestBytesMax = 512;

    /// <summary>
    /// Writes the line and its line feed, and returns their length.
    /// <paramref name="line"/> has at least <see cref="LineBytesMax"/> bytes.
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
        json.Raw(",\"up\":"u8);
        json.Number(entry.BytesUp);
        json.Raw(",\"down\":"u8);
        json.Number(entry.BytesDown);
        json.Raw(",\"firstByteMs\":"u8);
        json.MillisecondsOrNull(entry.FirstByteMicroseconds);
        json.Raw(",\"durationMs\":"u8);
        json.MillisecondsOrNull(entry.DurationMicroseconds);
        json.Raw(",\"gateMs\":"u8);
        json.MillisecondsOrNull(entry.GateMicroseconds);
        json.Raw(",\"close\":"u8);
        ReadOnlySpan<byte> close = CloseReasons.Word(entry.Close);
        json.TextOrNull(close, close.Length);
        json.Raw("}\n"u8);
        return json.Length;
    }

    /// <summary>
    /// Writes the line that stands where <paramref name="dropped"/> lines are missing.
    /// <paramref name="line"/> has at least <see cref="LineBytesMax"/> bytes.
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
