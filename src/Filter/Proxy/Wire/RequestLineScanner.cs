namespace FastGate.Proxy.Wire;

/// <summary>Scans a request line (RFC 9112 §3): token SP origin-form SP HTTP/1.0 or 1.1 CRLF, with nothing before
/// it.</summary>
internal static class RequestLineScanner
{
    /// <summary>True if the line is complete. False if more bytes are needed or <see cref="RequestHead.Fault"/> is
    /// set.</summary>
    public static bool TryScan(ReadOnlySpan<byte> bytes, ref RequestHead head)
    {
        if (head.Phase >= RequestPhase.Fields)
            return true;
        if (head.Phase == RequestPhase.Begin)
            Begin(ref head);
        if (head.Phase < RequestPhase.LineEnd && !TryScanElements(bytes, ref head))
            return false;
        return TryScanLineEnd(bytes, ref head);
    }

    // Absent fields are -1, not the struct's default of 0, so the first call sets them.
    private static void Begin(ref RequestHead head)
    {
        head.HostLength = -1;
        head.ContentLength = -1;
        head.Phase = RequestPhase.Method;
    }

    private static bool TryScanElements(ReadOnlySpan<byte> bytes, ref RequestHead head)
    {
        bool full = bytes.Length >= WireLimits.RequestLineBytesMax;
        ReadOnlySpan<byte> line = full ? bytes[..WireLimits.RequestLineBytesMax] : bytes;
        if (
            (head.Phase > RequestPhase.Method || TryScanMethod(line, ref head))
            && (head.Phase > RequestPhase.Target || TryBeginTarget(line, ref head))
            && (head.Phase > RequestPhase.Path || TryScanPath(line, ref head))
            && (head.Phase > RequestPhase.Query || TryScanQuery(line, ref head))
            && TryScanVersion(line, ref head)
        )
            return true;

        return full && head.Fault == HeadFault.None && head.Fail(HeadFault.RequestLineTooLong);
    }

    private static bool TryScanMethod(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        if (!TryFindExcept(line, WireBytes.Token, ref head))
            return false;
        int end = head.Cursor.Position;
        if (end == 0)
            return TryFailAtFirstByte(line, ref head);
        if (line[end] != WireBytes.Space)
            return head.Fail(HeadFault.MethodByte);

        head.MethodLength = end;
        head.PathStart = head.Cursor.Position = end + 1;
        head.Phase = RequestPhase.Target;
        return true;
    }

    // A line end before the request is a fault, unless it begins the signature of a PROXY header of version 2, which
    // HAProxy's proxy-protocol.txt chose so that no HTTP server takes it for a request. Five of its twelve bytes are
    // enough to recognize it.
    private static bool TryFailAtFirstByte(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        ReadOnlySpan<byte> signature = "\r\n\r\n\0"u8;
        if (line.StartsWith(signature))
            return head.Fail(HeadFault.ProxyProtocol);
        return !signature.StartsWith(line) && head.Fail(FaultOfFirstByte(line[0]));
    }

    private static HeadFault FaultOfFirstByte(byte first) =>
        first switch
        {
            0x16 => HeadFault.ClientSpokeTls, // the content type of a TLS handshake record (RFC 8446 §5.1)
            WireBytes.CarriageReturn or WireBytes.LineFeed or WireBytes.Space or WireBytes.Tab =>
                HeadFault.BlankBeforeRequest,
            _ => HeadFault.MethodByte,
        };

    private static bool TryBeginTarget(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        if (head.PathStart == line.Length)
            return false;
        switch (line[head.PathStart])
        {
            case (byte)'/':
                head.Phase = RequestPhase.Path;
                return true;
            case WireBytes.Space:
                return head.Fail(HeadFault.ExtraSpace);
            // No other use of the method PRI exists (RFC 9113 §11.6).
            case (byte)'*' when head.Method(line).SequenceEqual("PRI"u8):
                return head.Fail(HeadFault.Http2Preface);
            // "PROXY TCP4 …", "PROXY TCP6 …", "PROXY UNKNOWN": a header of version 1.
            case (byte)'T' or (byte)'U' when head.Method(line).SequenceEqual("PROXY"u8):
                return head.Fail(HeadFault.ProxyProtocol);
            default:
                return head.Fail(HeadFault.TargetForm);
        }
    }

    private static bool TryScanPath(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        while (true)
        {
            bool found = TryFindExcept(line, WireBytes.PlainPath, ref head);
            head.PathLength = head.TargetLength = head.Cursor.Position - head.PathStart;
            if (!found)
                return false;
            if (line[head.Cursor.Position] != '%')
                break;
            head.PathEscaped = true;
            head.Cursor.Position++;
        }

        byte end = line[head.Cursor.Position];
        if (end is not (WireBytes.Space or (byte)'?'))
            return head.Fail(FaultOfTargetByte(end));
        HeadFault fault = RequestTarget.FaultOfPath(head.Path(line), head.PathEscaped);
        if (fault != HeadFault.None)
            return head.Fail(fault);

        head.Cursor.Position++;
        head.Phase = end == WireBytes.Space ? RequestPhase.Version : RequestPhase.Query;
        return true;
    }

    private static bool TryScanQuery(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        bool found = TryFindExcept(line, WireBytes.Query, ref head);
        head.TargetLength = head.Cursor.Position - head.PathStart;
        if (!found)
            return false;
        byte end = line[head.Cursor.Position];
        if (end != WireBytes.Space)
            return head.Fail(FaultOfTargetByte(end));
        ReadOnlySpan<byte> query = line[(head.PathStart + head.PathLength)..head.Cursor.Position];
        if (!RequestTarget.HasValidEscapes(query))
            return head.Fail(HeadFault.QueryBadEscape);

        head.Cursor.Position++;
        head.Phase = RequestPhase.Version;
        return true;
    }

    private static HeadFault FaultOfTargetByte(byte value) =>
        value switch
        {
            (byte)'#' => HeadFault.TargetFragment,
            (byte)'\\' => HeadFault.TargetBackslash,
            WireBytes.CarriageReturn or WireBytes.LineFeed => HeadFault.VersionMissing,
            _ => HeadFault.TargetByte,
        };

    private static bool TryScanVersion(ReadOnlySpan<byte> line, ref RequestHead head)
    {
        ReadOnlySpan<byte> version = line[head.Cursor.Position..];
        if (version.StartsWith("HTTP/1.1"u8))
            head.MinorVersion = 1;
        else if (!version.StartsWith("HTTP/1.0"u8))
            return head.Fail(HttpVersion.FaultOf(version));

        head.Cursor.Position += HttpVersion.Length;
        head.Phase = RequestPhase.LineEnd;
        return true;
    }

    private static bool TryScanLineEnd(ReadOnlySpan<byte> bytes, ref RequestHead head)
    {
        ReadOnlySpan<byte> end = bytes[head.Cursor.Position..];
        if (end.IsEmpty)
            return false;
        if (end[0] == WireBytes.LineFeed)
            return head.Fail(HeadFault.BareLineFeed);
        if (end[0] != WireBytes.CarriageReturn)
            return head.Fail(HeadFault.VersionMalformed);
        if (end.Length == 1)
            return false;
        if (end[1] != WireBytes.LineFeed)
            return head.Fail(HeadFault.BareCarriageReturn);

        head.Cursor.LineStart = head.Cursor.Position += 2;
        head.Phase = RequestPhase.Fields;
        return true;
    }

    /// <summary>Moves to the first byte that is not in the set, or to the end of the bytes received so far.</summary>
    private static bool TryFindExcept(ReadOnlySpan<byte> line, AsciiSet set, ref RequestHead head)
    {
        head.Cursor.Position = set.IndexOfAnyExcept(line, head.Cursor.Position);
        return head.Cursor.Position < line.Length;
    }
}

/// <summary>HTTP-version (RFC 9112 §2.3): <c>HTTP/</c>, a digit, a dot, a digit.</summary>
internal static class HttpVersion
{
    public const int Length = 8;

    /// <summary>The fault of a version that is not 1.0 or 1.1; None while more bytes can still complete one.</summary>
    public static HeadFault FaultOf(ReadOnlySpan<byte> version)
    {
        if (version.Length > 0 && version[0] == WireBytes.Space)
            return HeadFault.ExtraSpace;
        for (int i = 0; i < int.Min(version.Length, Length); i++)
        {
            if (!Fits(version[i], i))
                return HeadFault.VersionMalformed;
        }

        return version.Length < Length ? HeadFault.None : HeadFault.VersionUnsupported;
    }

    private static bool Fits(byte value, int place) =>
        place is 5 or 7 ? char.IsAsciiDigit((char)value) : value == "HTTP/0.0"u8[place];
}
