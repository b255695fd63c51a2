namespace FastGate.Proxy.Wire;

/// <summary>
/// Validates the bytes of an origin-form target. Ollama's server matches the decoded path, cleans dot segments and
/// decodes <c>%2F</c> to a separator; a valid target has none of these, so its raw and decoded paths have the same
/// segments.
/// </summary>
internal static class RequestTarget
{
    /// <param name="path">A path that begins with a slash and contains only plain path bytes and percent signs.</param>
    /// <param name="escaped">The path contains a percent sign.</param>
    public static HeadFault FaultOfPath(ReadOnlySpan<byte> path, bool escaped)
    {
        // Three vector searches accept nearly every path without a byte loop.
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
    /// Whether every escape of a query is valid. The query plays no part in routing, framing or policy, so the meaning
    /// of its escapes, including double encoding, is left to the application. A broken escape violates RFC 3986, and Go
    /// drops the parameter that contains one while other servers keep it.
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

    /// <summary>The value of the escape at the start, or -1.</summary>
    private static int DecodeEscape(ReadOnlySpan<byte> escape)
    {
        if (escape.Length < 3)
            return -1;
        int high = WireBytes.HexValue(escape[1]);
        int low = WireBytes.HexValue(escape[2]);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }
}

/// <summary>The state of a path segment while its decoded bytes are read.</summary>
internal struct PathSegment
{
    private int _length;
    private int _dots;

    /// <summary>Length so far of an encoded percent sign and the hexadecimal digits after it.</summary>
    private int _innerEscape;

    /// <summary>False if the decoded bytes contain an escape themselves, so that decoding twice would change the
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
