namespace FastGate.Wire;

/// <summary>
/// Writes text into a span, escaped for a JSON string or plain for a terminal. Text that does not fit is dropped, with room
/// left for what closes the JSON.
/// </summary>
internal ref struct SentenceWriter(Span<byte> to, bool json)
{
    private const int TailBytes = 128;

    private readonly Span<byte> to = to;

    public int Length { get; private set; }

    /// <summary>The frame around a text: bytes that are right as they are.</summary>
    public void AddRaw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to[Length..]);
        Length += bytes.Length;
    }

    /// <summary>The house's own UTF-8 text.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        foreach (byte value in utf8) AddByte(value, isText: value >= 0x80);
    }

    /// <summary>What a client sent, of any bytes: cut at <see cref="WireLimits.EchoBytesMax"/>, with an ellipsis.</summary>
    public void AddEcho(ReadOnlySpan<byte> bytes)
    {
        bool cut = bytes.Length > WireLimits.EchoBytesMax;
        foreach (byte value in cut ? bytes[..WireLimits.EchoBytesMax] : bytes) AddByte(value, isText: false);
        if (cut) Add("…"u8);
    }

    private void AddByte(byte value, bool isText)
    {
        if (Length > to.Length - TailBytes) return;
        bool quoted = value is (byte)'"' or (byte)'\\';
        if (isText || (value is >= 0x20 and < 0x7F && !(quoted && json))) AddRaw([value]);
        else if (!json) AddRaw("?"u8);
        else if (quoted) AddRaw([(byte)'\\', value]);
        else AddRaw([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(value >> 4), Hex(value & 0xF)]);
    }

    private static byte Hex(int digit) => "0123456789abcdef"u8[digit];
}
