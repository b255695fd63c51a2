using System.Buffers;
using System.Buffers.Text;

namespace FastGate.Proxy.Wire;

/// <summary>
/// Writes text into a span, escaped for the place where it is shown. Text that does not fit is dropped, with room left
/// for the bytes that close the JSON, or for the dots that mark a cut reason phrase.
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

    /// <summary>Adds bytes without escaping, such as the JSON around a sentence.</summary>
    public void AddRaw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_to[Length..]);
        Length += bytes.Length;
    }

    /// <summary>Adds the gate's own text.</summary>
    public void Add(scoped ReadOnlySpan<byte> utf8) => AddAll(utf8, form == TextForm.Reason ? Visible : JsonText);

    /// <summary>Adds bytes that a client sent, cut at <see cref="WireLimits.EchoBytesMax"/> with an
    /// ellipsis.</summary>
    public void AddEcho(scoped ReadOnlySpan<byte> bytes) => AddEcho(bytes, WireLimits.EchoBytesMax);

    /// <summary>Adds what a client sent, cut at <paramref name="bytesMax"/>, with an ellipsis.</summary>
    public void AddEcho(scoped ReadOnlySpan<byte> bytes, int bytesMax)
    {
        bool cut = bytes.Length > bytesMax;
        AddAll(cut ? bytes[..bytesMax] : bytes, form == TextForm.Json ? JsonVisible : Visible);
        if (cut)
            Add(form == TextForm.Reason ? Dots : "…"u8);
    }

    public void AddNumber(int number)
    {
        Span<byte> digits = stackalloc byte[10];
        Utf8Formatter.TryFormat(number, digits, out int length);
        Add(digits[..length]);
    }

    /// <summary>Adds dots to a reason phrase that was cut.</summary>
    public void End()
    {
        if (_isCut && form == TextForm.Reason)
            AddRaw(Dots);
    }

    private void AddAll(scoped ReadOnlySpan<byte> bytes, SearchValues<byte> unescaped)
    {
        while (!bytes.IsEmpty && !_isCut)
        {
            int special = bytes.IndexOfAnyExcept(unescaped);
            AddRun(special < 0 ? bytes : bytes[..special]);
            if (special < 0 || _isCut)
                return;
            AddEscaped(bytes[special]);
            bytes = bytes[(special + 1)..];
        }
    }

    private void AddRun(scoped ReadOnlySpan<byte> run)
    {
        int room = int.Max(Room, 0);
        _isCut = run.Length > room;
        if (_isCut)
        {
            run = run[..room];
            // Never ends in half a character.
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
            default:
                AddRaw([(byte)'%', Hex(value >> 4), Hex(value & 0xF)]);
                break;
        }
    }

    private static byte Hex(int digit) => "0123456789ABCDEF"u8[digit];

    private static byte[] Range(char first, char last) =>
        [.. Enumerable.Range(first, last - first + 1).Select(value => (byte)value)];

    private static byte[] WithoutQuotes(byte[] bytes) =>
        [.. bytes.Where(value => value is not ((byte)'"' or (byte)'\\'))];
}

/// <summary>Where a sentence is shown, which decides how its bytes are escaped.</summary>
internal enum TextForm
{
    /// <summary>A JSON string.</summary>
    Json,

    /// <summary>A reason phrase: visible ASCII and spaces; other bytes are percent-encoded.</summary>
    Reason,
}
