namespace FastGate.Proxy.Wire;

/// <summary>Scans a status line (RFC 9112 §4): HTTP/1.0 or 1.1, SP, three digits, SP, any reason, CRLF.</summary>
internal static class StatusLineScanner
{
    /// <summary>The length of <c>HTTP/1.1 200</c>; a space follows, or CRLF from servers that omit the
    /// reason.</summary>
    private const int StatusEnd = 12;

    /// <summary>True if the line is complete. False if more bytes are needed or <see cref="ResponseHead.Fault"/> is
    /// set.</summary>
    public static bool TryScan(ReadOnlySpan<byte> bytes, ref ResponseHead head)
    {
        if (head.StatusLineDone)
            return true;
        if (head.Cursor.Position == 0 && !TryScanStatus(bytes, ref head))
            return false;
        return TryScanReason(bytes, ref head);
    }

    private static bool TryScanStatus(ReadOnlySpan<byte> bytes, ref ResponseHead head)
    {
        for (int i = 0; i < int.Min(bytes.Length, StatusEnd); i++)
        {
            if (FaultAt(i, bytes[i]) is var fault and not ResponseFault.None)
                return head.Fail(fault);
        }

        if (bytes.Length <= StatusEnd)
            return false;
        if (bytes[StatusEnd] is not (WireBytes.Space or WireBytes.CarriageReturn))
            return head.Fail(ResponseFault.StatusLineMalformed);

        head.ContentLength = -1;
        head.MinorVersion = bytes[7] - '0';
        head.Status = ((bytes[9] - '0') * 100) + ((bytes[10] - '0') * 10) + (bytes[11] - '0');
        head.Cursor.Position = StatusEnd;
        return true;
    }

    private static ResponseFault FaultAt(int offset, byte value)
    {
        bool fits = offset switch
        {
            5 or 7 or 10 or 11 => char.IsAsciiDigit((char)value),
            9 => value is >= (byte)'1' and <= (byte)'5', // the five classes of RFC 9110 §15
            _ => value == "HTTP/1.1 200"u8[offset],
        };
        if (!fits)
            return ResponseFault.StatusLineMalformed;
        bool known = offset switch
        {
            5 => value == '1',
            7 => value is (byte)'0' or (byte)'1',
            _ => true,
        };
        return known ? ResponseFault.None : ResponseFault.VersionUnsupported;
    }

    private static bool TryScanReason(ReadOnlySpan<byte> bytes, ref ResponseHead head)
    {
        int at = ControlBytes.IndexIn(bytes, head.Cursor.Position);
        head.Cursor.Position = at;
        if (at == bytes.Length)
            return false;
        if (bytes[at] != WireBytes.CarriageReturn)
            return head.Fail(ResponseFault.StatusLineMalformed);
        if (at + 1 == bytes.Length)
            return false;
        if (bytes[at + 1] != WireBytes.LineFeed)
            return head.Fail(ResponseFault.StatusLineMalformed);

        head.Cursor.LineStart = head.Cursor.Position = at + 2;
        head.StatusLineDone = true;
        return true;
    }
}
