using System.Buffers;
using System.Buffers.Text;

namespace FastGate.Proxy.AccessLog;

/// <summary>Writes the pieces of one line of JSON into a span that the caller has made large enough.</summary>
internal ref struct JsonLine(Span<byte> line)
{
    /// <summary>The longest escape of one byte is <c>\u00ff</c>.</summary>
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
    /// A string, cut after <paramref name="bytesMax"/> bytes with an ellipsis. A byte that JSON could not hold or a
    /// reader could take for another encoding becomes <c>\u00xx</c>, so that the bytes that were sent can be told from
    /// the log.
    /// </summary>
    public void Text(scoped ReadOnlySpan<byte> text, int bytesMax)
    {
        Raw("\""u8);
        Escaped(text[..Math.Min(text.Length, bytesMax)]);
        if (text.Length > bytesMax)
            Raw("…"u8);
        Raw("\""u8);
    }

    /// <summary>Like <see cref="Text"/>, but null if there is nothing to say.</summary>
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

    /// <summary>Milliseconds with three decimals; null if negative.</summary>
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

    /// <summary>RFC 3339 in UTC with milliseconds: <c>"2006-01-02T15:04:05.999Z"</c>.</summary>
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
        for (int odd; (odd = text.IndexOfAnyExcept(Plain)) >= 0; text = text[(odd + 1)..])
        {
            Raw(text[..odd]);
            byte b = text[odd];
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
