namespace FastGate.Proxy.Wire;

/// <summary>What is known of a path segment while its decoded bytes go by.</summary>
internal struct PathSegment
{
    private int length;
    private int dots;

    /// <summary>Bytes that an encoded percent sign and the hexadecimal digits behind it have made so far.</summary>
    private int innerEscape;

    /// <summary>False when the decoded bytes hold an escape themselves, so that decoding twice would change the path.</summary>
    public bool TryAdd(byte decoded)
    {
        length++;
        if (decoded == '.') dots++;
        if (decoded == '%') innerEscape = 1;
        else if (innerEscape > 0) innerEscape = WireBytes.HexValue(decoded) < 0 ? 0 : innerEscape + 1;
        return innerEscape < 3;
    }

    public readonly HeadFault FaultAtEnd =>
        length == 0 ? HeadFault.TargetEmptySegment
        : length == dots && dots <= 2 ? HeadFault.TargetDotSegment
        : HeadFault.None;
}
