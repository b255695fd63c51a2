namespace FastGate.Proxy.Wire;

/// <summary>
/// Scans chunked content (RFC 9112 §7.1): <c>1*15HEXDIG CRLF</c>, data, CRLF, and an empty line after the last chunk.
/// A response may also have extensions and trailers, within limits. Data is skipped in spans, framing is read byte by
/// byte.
/// </summary>
internal struct ChunkScanner(bool extensionsAllowed)
{
    private ChunkPhase _phase;
    private int _digits;
    private int _looseBytes;
    private long _remaining;

    public ChunkFault Fault { get; private set; }

    /// <summary>The chunks that have begun, without the last, which is empty.</summary>
    public int Count { get; private set; }

    /// <param name="bytes">The next bytes of the message.</param>
    /// <param name="taken">How many of them are valid and belong to it.</param>
    public ScanResult Take(ReadOnlySpan<byte> bytes, out int taken)
    {
        taken = 0;
        while (_phase != ChunkPhase.End)
        {
            if (Fault != ChunkFault.None)
                return ScanResult.Invalid;
            if (taken == bytes.Length)
                return ScanResult.Partial;
            if (_phase == ChunkPhase.Data)
                taken += SkipData(bytes.Length - taken);
            else if ((Fault = Step(bytes[taken])) == ChunkFault.None)
                taken++;
        }

        return ScanResult.Complete;
    }

    private int SkipData(int available)
    {
        int skipped = (int)long.Min(_remaining, available);
        _remaining -= skipped;
        if (_remaining == 0)
            _phase = ChunkPhase.DataCarriageReturn;
        return skipped;
    }

    private ChunkFault Step(byte value) =>
        _phase switch
        {
            ChunkPhase.SizeBegin or ChunkPhase.Size => StepSize(value),
            ChunkPhase.Extension => StepLoose(
                value,
                WireLimits.ChunkExtensionBytesMax,
                ChunkFault.ExtensionTooLong,
                ChunkPhase.SizeLineFeed
            ),
            ChunkPhase.SizeLineFeed => StepSizeLineFeed(value),
            ChunkPhase.DataCarriageReturn => StepDataEnd(value),
            ChunkPhase.DataLineFeed => StepLineFeed(value, ChunkPhase.SizeBegin),
            ChunkPhase.TrailerBegin => StepTrailerBegin(value),
            ChunkPhase.Trailer => StepLoose(
                value,
                WireLimits.TrailerBytesMax,
                ChunkFault.TrailersTooLong,
                ChunkPhase.TrailerLineFeed
            ),
            ChunkPhase.TrailerLineFeed => StepLineFeed(value, ChunkPhase.TrailerBegin),
            _ => StepLineFeed(value, ChunkPhase.End),
        };

    private ChunkFault StepSize(byte value)
    {
        if (_phase == ChunkPhase.SizeBegin)
            _digits = 0;
        int digit = WireBytes.HexValue(value);
        if (digit < 0)
            return EndSize(value);
        if (_digits == WireLimits.ChunkSizeDigitsMax)
            return ChunkFault.SizeTooLong;
        _remaining = (_remaining << 4) | (long)digit;
        _digits++;
        return Enter(ChunkPhase.Size);
    }

    private ChunkFault EndSize(byte value)
    {
        bool extension = value is (byte)';' or WireBytes.Space or WireBytes.Tab;
        if (value == WireBytes.LineFeed)
            return ChunkFault.BareLineFeed;
        if (value != WireBytes.CarriageReturn && !extension)
            return ChunkFault.SizeByte;
        if (_digits == 0)
            return ChunkFault.SizeMissing;
        if (!extension)
            return Enter(ChunkPhase.SizeLineFeed);
        _looseBytes++;
        return extensionsAllowed ? Enter(ChunkPhase.Extension) : ChunkFault.Extension;
    }

    private ChunkFault StepSizeLineFeed(byte value)
    {
        _looseBytes = 0; // from here on the bytes of all trailers together
        Count += _remaining == 0 ? 0 : 1;
        return StepLineFeed(value, _remaining == 0 ? ChunkPhase.TrailerBegin : ChunkPhase.Data);
    }

    private ChunkFault StepDataEnd(byte value) =>
        value switch
        {
            WireBytes.CarriageReturn => Enter(ChunkPhase.DataLineFeed),
            WireBytes.LineFeed => ChunkFault.BareLineFeed,
            _ => ChunkFault.DataTooLong,
        };

    private ChunkFault StepTrailerBegin(byte value)
    {
        if (value == WireBytes.CarriageReturn)
            return Enter(ChunkPhase.LastLineFeed);
        if (value == WireBytes.LineFeed)
            return ChunkFault.BareLineFeed;
        if (!extensionsAllowed)
            return ChunkFault.Trailer;
        _phase = ChunkPhase.Trailer;
        return Step(value);
    }

    /// <summary>Reads a byte of an extension or a trailer, or the CR that ends it.</summary>
    private ChunkFault StepLoose(byte value, int bytesMax, ChunkFault tooLong, ChunkPhase next)
    {
        if (value == WireBytes.CarriageReturn)
            return Enter(next);
        if (value == WireBytes.LineFeed)
            return ChunkFault.BareLineFeed;
        if (value != WireBytes.Tab && char.IsControl((char)value) && value <= 0x7F)
            return ChunkFault.ControlByte;
        return ++_looseBytes > bytesMax ? tooLong : ChunkFault.None;
    }

    private ChunkFault StepLineFeed(byte value, ChunkPhase next) =>
        value == WireBytes.LineFeed ? Enter(next) : ChunkFault.BareCarriageReturn;

    private ChunkFault Enter(ChunkPhase next)
    {
        _phase = next;
        return ChunkFault.None;
    }
}

/// <summary>The element of chunked content that comes next.</summary>
internal enum ChunkPhase : byte
{
    SizeBegin,
    Size,
    Extension,
    SizeLineFeed,
    Data,
    DataCarriageReturn,
    DataLineFeed,
    TrailerBegin,
    Trailer,
    TrailerLineFeed,
    LastLineFeed,
    End,
}
