namespace FastGate.Proxy.Wire;

/// <summary>
/// The meaning of an origin-form target's bytes. Ollama's server matches the decoded path, cleans dot segments and
/// decodes <c>%2F</c> to a separator; here none of these may be there, so that raw and decoded path have the same
/// segments.
/// </summary>
internal static class RequestTarget
{
    /// <param name="path">Begins with a slash and holds only plain path bytes and percent signs.</param>
    /// <param name="escaped">It holds a percent sign.</param>
    public static HeadFault FaultOfPath(ReadOnlySpan<byte> path, bool escaped)
    {
        // Three vector searches instead of a walk clear nearly every path there is.
        bool clean =
            !escaped && path.IndexOf("/."u8) < 0 && path.IndexOf("//"u8) < 0 && (path[^1] != '/' || path.Length == 1);
        return clean ? HeadFault.None : FaultOfPathSlow(path);
    }

    private static HeadFault FaultOfPathSlow(ReadOnlySpan<byte> path)
    {
        var segment = default(PathSegment);
        for (int at = 1; at < path.Length; at++)
        {
            if (path[at] == '/')
            {
                if (segment.FaultAtEnd is var fault and not HeadFault.None)
                    return fault;
                segment = default;
            }
            else if (path[at] != '%')
            {
                if (!segment.TryAdd(path[at]))
                    return HeadFault.TargetDoubleEscape;
            }
            else
            {
                int value = DecodeEscape(path[at..]);
                if (value < 0)
                    return HeadFault.TargetBadEscape;
                if (value is '/' or '\\')
                    return HeadFault.TargetEncodedSlash;
                if (value is < 0x20 or >= 0x7F)
                    return HeadFault.TargetEncodedByte;
                if (!segment.TryAdd((byte)value))
                    return HeadFault.TargetDoubleEscape;
                at += 2;
            }
        }

        return path.Length == 1 ? HeadFault.None : segment.FaultAtEnd;
    }

    /// <summary>
    /// The query takes no part in routing, framing or policy, so what its escapes stand for is the application's
    /// business, a second encoding included. A broken escape is refused all the same: it is outside RFC 3986, and Go
    /// drops the parameter that holds one while others keep it.
    /// </summary>
    public static bool HasValidEscapes(ReadOnlySpan<byte> query)
    {
        for (int at; (at = query.IndexOf((byte)'%')) >= 0; query = query[(at + 3)..])
        {
            if (DecodeEscape(query[at..]) < 0)
                return false;
        }

        return true;
    }

    /// <summary>The value of the escape at the beginning, or -1.</summary>
    private static int DecodeEscape(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 3)
            return -1;
        int high = WireBytes.HexValue(escape[1]);
        int low = WireBytes.HexValue(escape[2]);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }
}

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
