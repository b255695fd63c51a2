namespace FastGate.Proxy.Rules;

/// <summary>
/// Decodes one segment byte by byte without a buffer, and sees what a second decoding would change: a decoded percent
/// sign with two decoded hexadecimal digits behind it (RFC 3986 §2.4 forbids to decode twice; some parser does).
/// </summary>
internal ref struct PercentDecoder(ReadOnlySpan<byte> segment)
{
    private readonly ReadOnlySpan<byte> _segment = segment;
    private int _next;
    private int _dots;
    private int _digitsSincePercent = NoPercent;

    private const int NoPercent = -1;

    /// <summary>The decoded byte that <see cref="TryRead"/> found.</summary>
    public byte Current { get; private set; }

    /// <summary>The offset at which <see cref="Current"/> begins in the segment, escaped or not.</summary>
    public int Offset { get; private set; }

    /// <summary>How many bytes have been decoded.</summary>
    public int Count { get; private set; }

    /// <summary>An escape is not a percent sign and two hexadecimal digits; nothing can be read after it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>What was read so far would decode a second time.</summary>
    public bool IsDoublyEncoded { get; private set; }

    /// <summary>What was read so far is <c>.</c> or <c>..</c>, which RFC 3986 §5.2.4 takes out of a path.</summary>
    public readonly bool IsDotSegment => Count is 1 or 2 && _dots == Count;

    /// <summary>Reads the next decoded byte; false at the end and at a broken escape.</summary>
    public bool TryRead()
    {
        if (_next == _segment.Length || IsBroken)
            return false;

        Offset = _next;
        byte found = _segment[_next++];
        if (found == '%' && !TryReadEscape(out found))
        {
            IsBroken = true;
            return false;
        }
        Count++;
        Current = found;
        _dots += found == '.' ? 1 : 0;
        CheckSecondEncoding(found);
        return true;
    }

    private bool TryReadEscape(out byte decoded)
    {
        decoded = 0;
        if (_segment.Length - _next < 2 || !IsHex(_segment[_next]) || !IsHex(_segment[_next + 1]))
            return false;
        decoded = (byte)((HexValue(_segment[_next]) << 4) | HexValue(_segment[_next + 1]));
        _next += 2;
        return true;
    }

    private void CheckSecondEncoding(byte found)
    {
        if (found == '%')
            _digitsSincePercent = 0;
        else if (_digitsSincePercent != NoPercent)
            _digitsSincePercent = IsHex(found) ? _digitsSincePercent + 1 : NoPercent;
        IsDoublyEncoded |= _digitsSincePercent == 2;
    }

    private static bool IsHex(byte digit) => char.IsAsciiHexDigit((char)digit);

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
