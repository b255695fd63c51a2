namespace FastGate.Proxy.Rules;

/// <summary>Which literal segments a rule may have: those that Wire lets through in a request.</summary>
internal static class LiteralSegments
{
    /// <summary>
    /// The first fault of a segment of visible ASCII bytes, and its offset; <c>None</c> if there is none.
    /// </summary>
    public static (RuleErrorKind Kind, int Offset) FirstFault(ReadOnlySpan<byte> segment)
    {
        var decoder = new PercentDecoder(segment);
        while (decoder.TryRead())
        {
            RuleErrorKind kind = FaultOf(in decoder);
            if (kind != RuleErrorKind.None)
                return (kind, decoder.Offset);
        }
        if (decoder.IsBroken)
            return (RuleErrorKind.BadEscape, decoder.Offset);
        return (decoder.IsDotSegment ? RuleErrorKind.DotSegment : RuleErrorKind.None, 0);
    }

    /// <summary>The segment as Ollama's router sees it.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> segment)
    {
        List<byte> decoded = new(segment.Length);
        var decoder = new PercentDecoder(segment);
        while (decoder.TryRead())
            decoded.Add(decoder.Current);
        return [.. decoded];
    }

    private static RuleErrorKind FaultOf(ref readonly PercentDecoder decoder) =>
        decoder.Current switch
        {
            (byte)'/' or (byte)'\\' => RuleErrorKind.EncodedSeparator,
            < 0x20 or 0x7F => RuleErrorKind.EncodedControl,
            _ when decoder.IsDoublyEncoded => RuleErrorKind.DoubleEncoding,
            _ => RuleErrorKind.None,
        };
}
