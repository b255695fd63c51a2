namespace FastGate.Proxy.Wire;

/// <summary>What is known of a path segment while its decoded bytes go by.</summary>
internal struct PathSegment
{
    private int _length;
    private int _dots;

    /// <summary>Bytes that an encoded percent sign and the hexadecimal digits behind it have made so far.</summary>
    private int _innerEscape;

    /// <summary>False when the decoded bytes hold an escape themselves, so that decoding twice would change the
    /// path.</summary>
    public bool TryAdd(byte decoded)
    {
        _length++;
        if (decoded == '.')
            _dots++;
        if (decoded == '%')
            _innerEscape = 1;
        else if (_innerEscape > 0)
            _innerEscape = WireBytes.HexValue(decoded) < 0 ? 0 : _innerEscape + 1;
        return _innerEscape < 3;
    }

    public readonly HeadFault FaultAtEnd =>
        _length == 0 ? HeadFault.TargetEmptySegment
        : _length == _dots && _dots <= 2 ? HeadFault.TargetDotSegment
        : HeadFault.None;
}
