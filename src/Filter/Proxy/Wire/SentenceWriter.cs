using System.Buffers;

namespace FastGate.Proxy.Wire;

/// <summary>
/// Writes text into a span, escaped for the place where it is shown. Text that does not fit is dropped, with room left
/// for what closes the JSON, or for the dots that say that a reason phrase goes on.
/// </summary>
internal ref struct SentenceWriter(Span<byte> to, TextForm form)
{
    private const int JsonTailBytes = 128;
    private const int EscapedByteMax = 6;

    private static readonly SearchValues<byte> Visible = SearchValues.Create(Range(' ', '~'));
    private static readonly SearchValues<byte> JsonVisible = SearchValues.Create(WithoutQuotes(Range(' ', '~')));
    private static readonly SearchValues<byte> JsonText = SearchValues.Create([
        .. WithoutQuotes(Range(' ', '~')),
        .. Range('\u0080', '\u00FF'),
    ]);

    private readonly Span<byte> _to = to;
    private bool _isCut;

    public int Length { get; private set; }

    private readonly int Room => _to.Length - Length - (form == TextForm.Json ? JsonTailBytes : Dots.Length);

    private static ReadOnlySpan<byte> Dots => "..."u8;

    /// <summary>The frame around a text: bytes that are right as they are.</summary>
    public void AddRaw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Length..]);
        Length += bytes.Length;
    }

    /// <summary>The house's own UTF-8 text.</summary>
    public void Add(scoped ReadOnlySpan<byte> utf8) => AddAll(utf8, form == TextForm.Reason ? Visible : JsonText);

    /// <summary>What a client sent, of any bytes: cut at <see cref="WireLimits.EchoBytesMax"/>, with an
    /// ellipsis.</summary>
    public void AddEcho(scoped ReadOnlySpan<byte> bytes) => AddEcho(bytes, WireLimits.EchoBytesMax);

    /// <inheritdoc cref="AddEcho(ReadOnlySpan{byte})"/>
    public void AddEcho(scoped ReadOnlySpan<byte> bytes, int bytesMax)
    {
        bool cut = bytes.Length > bytesMax;
        AddAll(cut ? bytes[..bytesMax] : bytes, form == TextForm.Json ? JsonVisible : Visible);
        if (cut)
            Add(form == TextForm.Reason ? Dots : "…"u8);
    }

    /// <summary>Says that a reason phrase was cut, if it was.</summary>
    public void End()
    {
        if (_isCut && form == TextForm.Reason)
            AddRaw(Dots);
    }

    private void AddAll(scoped ReadOnlySpan<byte> bytes, SearchValues<byte> asTheyAre)
    {
        while (!bytes.IsEmpty && !_isCut)
        {
            int odd = bytes.IndexOfAnyExcept(asTheyAre);
            AddRun(odd < 0 ? bytes : bytes[..odd]);
            if (odd < 0 || _isCut)
                return;
            AddEscaped(bytes[odd]);
            bytes = bytes[(odd + 1)..];
        }
    }

    private void AddRun(scoped ReadOnlySpan<byte> run)
    {
        int room = int.Max(Room, 0);
        _isCut = run.Length > room;
        if (_isCut)
        {
            run = run[..room];
            // No half of a character.
            while (!run.IsEmpty && run[^1] >= 0x80)
                run = run[..^1];
        }

        AddRaw(run);
    }

    private void AddEscaped(byte value)
    {
        if (Room < EscapedByteMax)
        {
            _isCut = true;
            return;
        }

        switch (form)
        {
            case TextForm.Json when value is (byte)'"' or (byte)'\\':
                AddRaw([(byte)'\\', value]);
                break;
            case TextForm.Json:
                AddRaw([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(value >> 4), Hex(value & 0xF)]);
                break;
            case TextForm.Reason:
                AddRaw([(byte)'%', Hex(value >> 4), Hex(value & 0xF)]);
                break;
            case TextForm.Plain when value is (byte)'"' or (byte)'\\':
                AddRaw([value]);
                break;
            default:
                AddRaw("?"u8);
                break;
        }
    }

    private static byte Hex(int digit) => "0123456789ABCDEF"u8[digit];

    private static byte[] Range(char first, char last) =>
        [.. Enumerable.Range(first, last - first + 1).Select(value => (byte)value)];

    private static byte[] WithoutQuotes(byte[] bytes) =>
        [.. bytes.Where(value => value is not ((byte)'"' or (byte)'\\'))];
}

/// <summary>Where a sentence is put, and so how its bytes are escaped.</summary>
internal enum TextForm
{
    /// <summary>For a terminal: whatever is not visible becomes a question mark.</summary>
    Plain,

    /// <summary>Inside a JSON string.</summary>
    Json,

    /// <summary>The reason phrase of a status line: visible ASCII and spaces only, all else percent-encoded.</summary>
    Reason,
}
