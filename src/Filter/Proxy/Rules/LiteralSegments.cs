namespace FastGate.Proxy.Rules;

/// <summary>Validates the literal segments of rules: a rule may have those that Wire accepts in a request.</summary>
internal static class LiteralSegments
{
    /// <summary>
    /// Returns the first error in a segment of visible ASCII bytes, and its offset; <c>None</c> if it is valid.
    /// </summary>
    public static (RuleErrorKind Kind, int Offset) FirstError(ReadOnlySpan<byte> segment)
    {
        var decoder = new PercentDecoder(segment);
        while (decoder.TryRead())
        {
            RuleErrorKind kind = ErrorOf(in decoder);
            if (kind != RuleErrorKind.None)
                return (kind, decoder.Offset);
        }
        if (decoder.IsBroken)
            return (RuleErrorKind.BadEscape, decoder.Offset);
        return (decoder.IsDotSegment ? RuleErrorKind.DotSegment : RuleErrorKind.None, 0);
    }

    /// <summary>Decodes the segment as Ollama's router does.</summary>
    public static byte[] Decode(ReadOnlySpan<byte> segment)
    {
        List<byte> decoded = new(segment.Length);
        var decoder = new PercentDecoder(segment);
        while (decoder.TryRead())
            decoded.Add(decoder.Current);
        return [.. decoded];
    }

    private static RuleErrorKind ErrorOf(ref readonly PercentDecoder decoder) =>
        decoder.Current switch
        {
            (byte)'/' or (byte)'\\' => RuleErrorKind.EncodedSeparator,
            < 0x20 or 0x7F => RuleErrorKind.EncodedControl,
            _ when decoder.IsDoublyEncoded => RuleErrorKind.DoubleEncoding,
            _ => RuleErrorKind.None,
        };
}
