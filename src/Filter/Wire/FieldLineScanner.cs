namespace FastGate.Wire;

/// <summary>
/// Finds field lines one at a time (RFC 9112 §5): a token, a colon directly behind it, a value without control bytes, CRLF.
/// Faults are found at their byte, and a line counts only when its CRLF is there.
/// </summary>
internal static class FieldLineScanner
{
    public static FieldStep Next(ReadOnlySpan<byte> bytes, ref FieldCursor cursor, out FieldLine line)
    {
        line = default;
        int at = cursor.Position;
        if (cursor.NameLength == 0)
        {
            at = WireBytes.Token.IndexOfOther(bytes, at);
            cursor.Position = at;
            if (at == bytes.Length) return FieldStep.Partial;
            if (bytes[at] != ':' || at == cursor.LineStart) return EndOrFault(bytes, ref cursor);
            cursor.NameLength = at - cursor.LineStart;
            at++;
        }

        at = ControlBytes.IndexIn(bytes, at);
        cursor.Position = at;
        if (at == bytes.Length) return FieldStep.Partial;
        if (bytes[at] != WireBytes.CarriageReturn)
            return Fail(ref cursor, bytes[at] == WireBytes.LineFeed ? HeadFault.BareLineFeed : HeadFault.FieldValueByte);
        if (at + 1 == bytes.Length) return FieldStep.Partial;
        if (bytes[at + 1] != WireBytes.LineFeed) return Fail(ref cursor, HeadFault.BareCarriageReturn);

        line = new FieldLine(cursor.LineStart, cursor.NameLength, at);
        cursor.LineStart = cursor.Position = at + 2;
        cursor.NameLength = 0;
        cursor.Count++;
        return FieldStep.Field;
    }

    /// <summary>The name has ended without a colon: the head is at its end, or the line is no field line.</summary>
    private static FieldStep EndOrFault(ReadOnlySpan<byte> bytes, ref FieldCursor cursor)
    {
        int at = cursor.Position;
        bool first = at == cursor.LineStart;
        switch (bytes[at])
        {
            case WireBytes.CarriageReturn when first:
                if (at + 1 == bytes.Length) return FieldStep.Partial;
                if (bytes[at + 1] != WireBytes.LineFeed) return Fail(ref cursor, HeadFault.BareCarriageReturn);
                cursor.Position = at + 2;
                return FieldStep.End;
            case WireBytes.CarriageReturn: return Fail(ref cursor, HeadFault.FieldColonMissing);
            case WireBytes.LineFeed: return Fail(ref cursor, HeadFault.BareLineFeed);
            case WireBytes.Space or WireBytes.Tab:
                return Fail(ref cursor, first ? HeadFault.FieldFold : HeadFault.FieldNameSpace);
            case (byte)':': return Fail(ref cursor, HeadFault.FieldNameEmpty);
            default: return Fail(ref cursor, HeadFault.FieldNameByte);
        }
    }

    private static FieldStep Fail(ref FieldCursor cursor, HeadFault fault)
    {
        cursor.Fault = fault;
        return FieldStep.Invalid;
    }
}
