using System.Runtime.CompilerServices;

namespace FastGate.Wire;

/// <summary>
/// Finds field lines one at a time (RFC 9112 §5): a token, a colon directly behind it, a value without control bytes, CRLF.
/// Faults are found at their byte, and a line counts only when its CRLF is there.
/// </summary>
internal static class FieldLineScanner
{
    /// <summary>Goes to the next line whose name may matter; the lines before it are only checked.</summary>
    /// <param name="bytes">All bytes of the head that are there.</param>
    /// <param name="cursor">Where the scan stands; at <see cref="FieldStep.End"/> before the CRLF that ends the head.</param>
    /// <param name="map">Made for these bytes and this place.</param>
    /// <param name="linesMax">How many lines a head may have.</param>
    /// <param name="line">The line that was found.</param>
    public static FieldStep Next(
        ReadOnlySpan<byte> bytes, ref FieldCursor cursor, ref FieldMap map, int linesMax, out FieldLine line)
    {
        // Locals, not fields behind a reference: they stay in registers.
        FieldMap here = map;
        FieldCursor now = cursor;
        FieldStep step;
        do
        {
            step = NextLine(bytes, ref now, ref here, linesMax, out line);
        }
        while (step == FieldStep.Field && !FieldNames.MayMatter(line.NameLength));
        cursor = now;
        map = here;
        return step;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldStep NextLine(
        ReadOnlySpan<byte> bytes, ref FieldCursor cursor, ref FieldMap map, int linesMax, out FieldLine line)
    {
        line = default;
        int at = cursor.Position;
        if (cursor.Count == linesMax && BeginsField(bytes, cursor.LineStart)) return Ended(ref cursor, HeadFault.TooManyFields, FieldStep.Invalid);
        if (cursor.NameLength == 0)
        {
            at = map.NameEnd(bytes, at);
            cursor.Position = at;
            if (at == bytes.Length) return FieldStep.Partial;
            if (bytes[at] != ':' || at == cursor.LineStart)
                {
                return Ended(ref cursor, FaultOfName(bytes[at..], atLineStart: at == cursor.LineStart),
                    bytes.Length - at > 1 ? FieldStep.End : FieldStep.Partial);
            }
            cursor.NameLength = at - cursor.LineStart;
            at++;
        }

        at = map.ValueEnd(bytes, at);
        cursor.Position = at;
        if (bytes.Length - at < 2 || bytes[at] != WireBytes.CarriageReturn || bytes[at + 1] != WireBytes.LineFeed)
            return Ended(ref cursor, FaultOfValue(bytes[at..]), FieldStep.Partial);

        line = new FieldLine(cursor.LineStart, cursor.NameLength, at);
        cursor.LineStart = cursor.Position = at + 2;
        cursor.NameLength = 0;
        cursor.Count++;
        return FieldStep.Field;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldStep Ended(ref FieldCursor cursor, HeadFault fault, FieldStep otherwise)
    {
        cursor.Fault = fault;
        return fault == HeadFault.None ? otherwise : FieldStep.Invalid;
    }

    private static bool BeginsField(ReadOnlySpan<byte> bytes, int at) =>
        at < bytes.Length && bytes[at] != WireBytes.CarriageReturn;

    /// <summary>The name has ended without a colon: the head is at its end, or the line is no field line.</summary>
    private static HeadFault FaultOfName(ReadOnlySpan<byte> rest, bool atLineStart) => rest[0] switch
    {
        WireBytes.CarriageReturn when !atLineStart => HeadFault.FieldColonMissing,
        WireBytes.CarriageReturn when rest.Length > 1 && rest[1] != WireBytes.LineFeed => HeadFault.BareCarriageReturn,
        WireBytes.CarriageReturn => HeadFault.None,
        WireBytes.LineFeed => HeadFault.BareLineFeed,
        WireBytes.Space or WireBytes.Tab => atLineStart ? HeadFault.FieldFold : HeadFault.FieldNameSpace,
        (byte)':' => HeadFault.FieldNameEmpty,
        _ => HeadFault.FieldNameByte,
    };

    /// <summary>The value has not ended in CRLF: there is no more of it yet, or it holds what it must not.</summary>
    private static HeadFault FaultOfValue(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty) return HeadFault.None;
        return rest[0] switch
        {
            WireBytes.CarriageReturn when rest.Length == 1 => HeadFault.None,
            WireBytes.CarriageReturn => HeadFault.BareCarriageReturn,
            WireBytes.LineFeed => HeadFault.BareLineFeed,
            _ => HeadFault.FieldValueByte,
        };
    }
}
