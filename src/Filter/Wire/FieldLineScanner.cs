using System.Runtime.CompilerServices;

namespace FastGate.Wire;

/// <summary>
/// Finds field lines one at a time (RFC 9112 §5): a token, a colon directly behind it, a value without control bytes, CRLF.
/// Faults are found at their byte, and a line counts only when its CRLF is there.
/// </summary>
internal static class FieldLineScanner
{
    /// <remarks>At <see cref="FieldStep.End"/> the cursor stands before the CRLF that ends the head.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FieldStep Next(ReadOnlySpan<byte> bytes, ref FieldCursor cursor, out FieldLine line)
    {
        line = default;
        int at = cursor.Position;
        if (cursor.NameLength == 0)
        {
            at = WireBytes.Token.IndexOfOther(bytes, at);
            cursor.Position = at;
            if (at == bytes.Length) return FieldStep.Partial;
            if (bytes[at] != ':' || at == cursor.LineStart)
                return EndOrFault(bytes[at..], atLineStart: at == cursor.LineStart, out cursor.Fault);
            cursor.NameLength = at - cursor.LineStart;
            at++;
        }

        at = ControlBytes.IndexIn(bytes, at);
        cursor.Position = at;
        if (bytes.Length - at < 2 || bytes[at] != WireBytes.CarriageReturn || bytes[at + 1] != WireBytes.LineFeed)
            return PartialOrFault(bytes[at..], out cursor.Fault);

        line = new FieldLine(cursor.LineStart, cursor.NameLength, at);
        cursor.LineStart = cursor.Position = at + 2;
        cursor.NameLength = 0;
        cursor.Count++;
        return FieldStep.Field;
    }

    /// <summary>The name has ended without a colon: the head is at its end, or the line is no field line.</summary>
    private static FieldStep EndOrFault(ReadOnlySpan<byte> rest, bool atLineStart, out HeadFault fault)
    {
        fault = rest[0] switch
        {
            WireBytes.CarriageReturn when !atLineStart => HeadFault.FieldColonMissing,
            WireBytes.CarriageReturn when rest.Length > 1 && rest[1] != WireBytes.LineFeed => HeadFault.BareCarriageReturn,
            WireBytes.CarriageReturn => HeadFault.None,
            WireBytes.LineFeed => HeadFault.BareLineFeed,
            WireBytes.Space or WireBytes.Tab => atLineStart ? HeadFault.FieldFold : HeadFault.FieldNameSpace,
            (byte)':' => HeadFault.FieldNameEmpty,
            _ => HeadFault.FieldNameByte,
        };
        if (fault != HeadFault.None) return FieldStep.Invalid;
        return rest.Length > 1 ? FieldStep.End : FieldStep.Partial;
    }

    /// <summary>The value has not ended in CRLF: there is no more of it yet, or it holds what it must not.</summary>
    private static FieldStep PartialOrFault(ReadOnlySpan<byte> rest, out HeadFault fault)
    {
        fault = HeadFault.None;
        if (rest.IsEmpty) return FieldStep.Partial;
        if (rest[0] == WireBytes.CarriageReturn && rest.Length == 1) return FieldStep.Partial;
        fault = rest[0] switch
        {
            WireBytes.CarriageReturn => HeadFault.BareCarriageReturn,
            WireBytes.LineFeed => HeadFault.BareLineFeed,
            _ => HeadFault.FieldValueByte,
        };
        return FieldStep.Invalid;
    }
}
