namespace FastGate.Proxy.Rules;

/// <summary>
/// Decodes one segment byte by byte without a buffer, and detects what a second decoding would change: a decoded
/// percent sign before two decoded hexadecimal digits (RFC 3986 §2.4 forbids decoding twice, but some parsers do).
/// </summary>
internal ref struct PercentDecoder(ReadOnlySpan<byte> segment)
{
    private readonly ReadOnlySpan<byte> _segment = segment;
    private int _next;
    private int _dots;
    private int _digitsSincePercent = NoPercent;

    private const int NoPercent = -1;

    /// <summary>The byte decoded by the last successful <see cref="TryRead"/>.</summary>
    public byte Current { get; private set; }

    /// <summary>The offset at which <see cref="Current"/>, or its escape, begins in the segment.</summary>
    public int Offset { get; private set; }

    /// <summary>The number of bytes decoded.</summary>
    public int Count { get; private set; }

    /// <summary>A percent sign is not followed by two hexadecimal digits; reading cannot continue.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The bytes read so far contain an escape when decoded.</summary>
    public bool IsDoublyEncoded { get; private set; }

    /// <summary>The bytes read so far are <c>.</c> or <c>..</c>, which RFC 3986 §5.2.4 removes from a path.</summary>
    public readonly bool IsDotSegment => Count is 1 or 2 && _dots == Count;

    /// <summary>Decodes the next byte. Returns false at the end, and at a broken escape.</summary>
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
