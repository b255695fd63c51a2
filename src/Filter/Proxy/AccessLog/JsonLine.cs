using System.Buffers;
using System.Buffers.Text;

namespace FastGate.Proxy.AccessLog;

/// <summary>Writes one line of JSON into a span, which must be large enough. Allocates nothing.</summary>
internal ref struct JsonLine(Span<byte> line)
{
    /// <summary>The maximum length of one escaped byte: <c>\u00ff</c>.</summary>
    public const int EscapedByteMax = 6;

    private static readonly SearchValues<byte> Plain = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Where(b => b is not ('"' or '\\')).Select(b => (byte)b),
    ]);

    private readonly Span<byte> _line = line;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_line[Length..]);
        Length += bytes.Length;
    }

    /// <summary>
    /// Writes a string, truncated after <paramref name="bytesMax"/> bytes with an ellipsis. A byte that is not
    /// printable ASCII becomes <c>\u00xx</c>, so that the original bytes can be recovered from the log.
    /// </summary>
    public void Text(scoped ReadOnlySpan<byte> text, int bytesMax)
    {
        Raw("\""u8);
        Escaped(text[..Math.Min(text.Length, bytesMax)]);
        if (text.Length > bytesMax)
            Raw("…"u8);
        Raw("\""u8);
    }

    /// <summary>Writes a string like <see cref="Text"/>, or null if it is empty.</summary>
    public void TextOrNull(scoped ReadOnlySpan<byte> text, int bytesMax)
    {
        if (text.IsEmpty)
            Raw("null"u8);
        else
            Text(text, bytesMax);
    }

    public void Number(long number)
    {
        Utf8Formatter.TryFormat(number, _line[Length..], out int written);
        Length += written;
    }

    /// <summary>Writes milliseconds with three decimals; null if negative.</summary>
    public void MillisecondsOrNull(long microseconds)
    {
        if (microseconds < 0)
        {
            Raw("null"u8);
            return;
        }

        (long whole, long rest) = Math.DivRem(microseconds, 1000);
        Number(whole);
        Raw([(byte)'.', Digit(rest / 100), Digit(rest / 10), Digit(rest)]);
    }

    /// <summary>Writes RFC 3339 in UTC with milliseconds: <c>"2006-01-02T15:04:05.999Z"</c>.</summary>
    public void Time(DateTimeOffset time)
    {
        const int ToTheMillisecond = 23;

        Raw("\""u8);
        Utf8Formatter.TryFormat(time.UtcDateTime, _line[Length..], out _, new StandardFormat('O'));
        Length += ToTheMillisecond;
        Raw("Z\""u8);
    }

    private void Escaped(scoped ReadOnlySpan<byte> text)
    {
        for (int special; (special = text.IndexOfAnyExcept(Plain)) >= 0; text = text[(special + 1)..])
        {
            Raw(text[..special]);
            byte b = text[special];
            if (b is (byte)'"' or (byte)'\\')
                Raw([(byte)'\\', b]);
            else
                Raw([(byte)'\\', (byte)'u', (byte)'0', (byte)'0', HexDigit(b >> 4), HexDigit(b & 15)]);
        }

        Raw(text);
    }

    private static byte Digit(long number) => (byte)('0' + (number % 10));

    private static byte HexDigit(int nibble) => "0123456789abcdef"u8[nibble];
}
