using System.Numerics;

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
    /// <remarks>
    /// One loop over locals, since only those stay in registers: the same in two methods over the structs takes 1.4 times
    /// as long (263 against 182 ns for the 20 lines of a recorded head).
    /// </remarks>
    public static FieldStep Next(
        ReadOnlySpan<byte> bytes, ref FieldCursor cursor, ref FieldMap map, int linesMax, out FieldLine line)
    {
        FieldBlock block = map.Block;
        int start = map.Start;
        int at = cursor.Position;
        int lineStart = cursor.LineStart;
        int nameLength = cursor.NameLength;
        int count = cursor.Count;
        FieldStep step;
        while (true)
        {
            if (count == linesMax && BeginsField(bytes, lineStart))
            {
                cursor.Fault = HeadFault.TooManyFields;
                step = FieldStep.Invalid;
                break;
            }
            ulong ends;
            if (nameLength == 0)
            {
                ends = at - start < FieldBlock.Bytes ? block.NameEnds >> (at - start) : 0;
                while (ends == 0)
                {
                    at = start += FieldBlock.Bytes;
                    block = FieldBlock.At(bytes, start);
                    ends = block.NameEnds;
                }
                at += BitOperations.TrailingZeroCount(ends);
                if (at >= bytes.Length || bytes[at] != ':' || at == lineStart)
                {
                    step = EndOfName(bytes, at, lineStart, ref cursor);
                    break;
                }
                nameLength = at - lineStart;
                at++;
            }

            ends = at - start < FieldBlock.Bytes ? block.ValueEnds >> (at - start) : 0;
            while (ends == 0)
            {
                at = start += FieldBlock.Bytes;
                block = FieldBlock.At(bytes, start);
                ends = block.ValueEnds;
            }
            at += BitOperations.TrailingZeroCount(ends);
            if (bytes.Length - at < 2 || bytes[at] != WireBytes.CarriageReturn || bytes[at + 1] != WireBytes.LineFeed)
            {
                step = EndOfValue(bytes, at, ref cursor);
                break;
            }

            line = new FieldLine(lineStart, nameLength, at);
            at += 2;
            lineStart = at;
            count++;
            if (FieldNames.MayMatter(nameLength))
            {
                (cursor.Position, cursor.LineStart, cursor.NameLength, cursor.Count) = (at, at, 0, count);
                map = new FieldMap(block, start);
                return FieldStep.Field;
            }
            nameLength = 0;
        }

        (cursor.Position, cursor.LineStart, cursor.NameLength, cursor.Count) = (int.Min(at, bytes.Length), lineStart, nameLength, count);
        line = default;
        return step;
    }

    private static FieldStep EndOfName(ReadOnlySpan<byte> bytes, int at, int lineStart, ref FieldCursor cursor)
    {
        if (at >= bytes.Length) return FieldStep.Partial;
        cursor.Fault = FaultOfName(bytes[at..], atLineStart: at == lineStart);
        if (cursor.Fault != HeadFault.None) return FieldStep.Invalid;
        return bytes.Length - at > 1 ? FieldStep.End : FieldStep.Partial;
    }

    private static FieldStep EndOfValue(ReadOnlySpan<byte> bytes, int at, ref FieldCursor cursor)
    {
        cursor.Fault = at < bytes.Length ? FaultOfValue(bytes[at..]) : HeadFault.None;
        return cursor.Fault == HeadFault.None ? FieldStep.Partial : FieldStep.Invalid;
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
        return rest[0] switch
        {
            WireBytes.CarriageReturn when rest.Length == 1 => HeadFault.None,
            WireBytes.CarriageReturn => HeadFault.BareCarriageReturn,
            WireBytes.LineFeed => HeadFault.BareLineFeed,
            _ => HeadFault.FieldValueByte,
        };
    }
}
