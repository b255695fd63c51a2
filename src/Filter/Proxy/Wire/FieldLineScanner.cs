using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastGate.Proxy.Wire;

/// <summary>
/// Scans field lines one at a time (RFC 9112 §5): a token directly followed by a colon, a value without control bytes,
/// CRLF. A fault is reported at its byte; a line counts only once its CRLF has arrived.
/// </summary>
internal static class FieldLineScanner
{
    /// <summary>Advances to the next line whose name may matter; the lines before it are only validated.</summary>
    /// <param name="bytes">The bytes of the head received so far.</param>
    /// <param name="cursor">The state of the scan; at <see cref="FieldResult.End"/> it is before the CRLF that ends the
    /// head.</param>
    /// <param name="block">The block of these bytes that contains the cursor.</param>
    /// <param name="linesMax">The largest number of lines.</param>
    /// <param name="line">The line, if the result is <see cref="FieldResult.Field"/>.</param>
    /// <remarks>One loop over locals, because only locals stay in registers.</remarks>
    public static FieldResult Next(
        ReadOnlySpan<byte> bytes,
        ref FieldCursor cursor,
        ref FieldBlock block,
        int linesMax,
        out FieldLine line
    )
    {
        FieldBlock here = block;
        int at = cursor.Position;
        int lineStart = cursor.LineStart;
        int nameLength = cursor.NameLength;
        int linesLeft = linesMax - cursor.Count;
        FieldResult step;
        while (true)
        {
            ulong ends;
            if (nameLength == 0)
            {
                if (linesLeft == 0 && BeginsField(bytes, lineStart))
                {
                    cursor.Fault = HeadFault.TooManyFields;
                    step = FieldResult.Invalid;
                    break;
                }

                while ((ends = Ahead(here.NameEnds, at - here.Start)) == 0)
                {
                    here = FieldBlock.At(bytes, here.Start + FieldBlock.Bytes);
                    at = int.Max(at, here.Start);
                }

                at += BitOperations.TrailingZeroCount(ends);
                if ((uint)at >= (uint)bytes.Length || bytes[at] != ':' || at == lineStart)
                {
                    step = EndOfName(bytes, at, lineStart, ref cursor);
                    break;
                }

                nameLength = at - lineStart;
                at++;
            }

            while ((ends = Ahead(here.ValueEnds, at - here.Start)) == 0)
            {
                here = FieldBlock.At(bytes, here.Start + FieldBlock.Bytes);
                at = int.Max(at, here.Start);
            }

            at += BitOperations.TrailingZeroCount(ends);
            int next = at + 2;
            if (
                (uint)next > (uint)bytes.Length
                || bytes[at] != WireBytes.CarriageReturn
                || bytes[next - 1] != WireBytes.LineFeed
            )
            {
                step = EndOfValue(bytes, at, ref cursor);
                break;
            }

            linesLeft--;
            if (FieldNames.MayMatter(nameLength, bytes[lineStart]))
            {
                line = new FieldLine(lineStart, nameLength, at);
                (cursor.Position, cursor.LineStart, cursor.NameLength, cursor.Count) = (
                    next,
                    next,
                    0,
                    linesMax - linesLeft
                );
                block = here;
                return FieldResult.Field;
            }

            at = lineStart = next;
            nameLength = 0;
        }

        (cursor.Position, cursor.LineStart, cursor.NameLength, cursor.Count) = (
            at,
            lineStart,
            nameLength,
            linesMax - linesLeft
        );
        line = default;
        return step;
    }

    /// <summary>The bits from an offset on, which may lie a byte or two past the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Ahead(ulong bits, int offset) => offset < FieldBlock.Bytes ? bits >> offset : 0;

    private static FieldResult EndOfName(ReadOnlySpan<byte> bytes, int at, int lineStart, ref FieldCursor cursor)
    {
        if (at >= bytes.Length)
            return FieldResult.Partial;
        cursor.Fault = FaultOfName(bytes[at..], atLineStart: at == lineStart);
        if (cursor.Fault != HeadFault.None)
            return FieldResult.Invalid;
        return bytes.Length - at > 1 ? FieldResult.End : FieldResult.Partial;
    }

    private static FieldResult EndOfValue(ReadOnlySpan<byte> bytes, int at, ref FieldCursor cursor)
    {
        cursor.Fault = at < bytes.Length ? FaultOfValue(bytes[at..]) : HeadFault.None;
        return cursor.Fault == HeadFault.None ? FieldResult.Partial : FieldResult.Invalid;
    }

    private static bool BeginsField(ReadOnlySpan<byte> bytes, int at) =>
        at < bytes.Length && bytes[at] != WireBytes.CarriageReturn;

    /// <summary>The name ended without a colon: either the head ends here or the line is invalid.</summary>
    private static HeadFault FaultOfName(ReadOnlySpan<byte> rest, bool atLineStart) =>
        rest[0] switch
        {
            WireBytes.CarriageReturn when !atLineStart => HeadFault.FieldColonMissing,
            WireBytes.CarriageReturn when rest.Length > 1 && rest[1] != WireBytes.LineFeed =>
                HeadFault.BareCarriageReturn,
            WireBytes.CarriageReturn => HeadFault.None,
            WireBytes.LineFeed => HeadFault.BareLineFeed,
            WireBytes.Space or WireBytes.Tab => atLineStart ? HeadFault.FieldFold : HeadFault.FieldNameSpace,
            (byte)':' => HeadFault.FieldNameEmpty,
            _ => HeadFault.FieldNameByte,
        };

    /// <summary>The value does not end with CRLF: the rest has not arrived, or it contains an invalid byte.</summary>
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

/// <summary>What <see cref="FieldLineScanner"/> found.</summary>
internal enum FieldResult
{
    Partial,

    /// <summary>A whole field line, CRLF included.</summary>
    Field,

    /// <summary>The empty line that ends the head.</summary>
    End,
    Invalid,
}

/// <summary>The position of one field line in the bytes of its head.</summary>
internal readonly struct FieldLine(int start, int nameLength, int end)
{
    public int NameLength => nameLength;

    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> bytes) => bytes.Slice(start, nameLength);

    /// <summary>The value without surrounding optional white space (RFC 9112 §5.1).</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes) => Value(bytes, out _);

    /// <inheritdoc cref="Value(ReadOnlySpan{byte})"/>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> bytes, out int valueStart)
    {
        int first = start + nameLength + 1;
        int last = end;
        while (first < last && IsBlank(bytes[first]))
            first++;
        while (last > first && IsBlank(bytes[last - 1]))
            last--;
        valueStart = first;
        return bytes[first..last];
    }

    /// <summary>
    /// The value of a framing field, without leading HTAB and surrounding spaces. A trailing HTAB stays and makes the
    /// value malformed: Go drops it, Node answers 400.
    /// </summary>
    public ReadOnlySpan<byte> FramingValue(ReadOnlySpan<byte> bytes)
    {
        int first = start + nameLength + 1;
        int last = end;
        while (first < last && IsBlank(bytes[first]))
            first++;
        while (last > first && bytes[last - 1] == WireBytes.Space)
            last--;
        return bytes[first..last];
    }

    private static bool IsBlank(byte value) => value == WireBytes.Space || value == WireBytes.Tab;
}

/// <summary>The state of a scan over field lines; no byte before <see cref="Position"/> is scanned again.</summary>
internal struct FieldCursor
{
    /// <summary>The first byte of the current line.</summary>
    public int LineStart;

    /// <summary>The first byte that has not been scanned.</summary>
    public int Position;

    /// <summary>0 until the colon is found.</summary>
    public int NameLength;

    /// <summary>Complete field lines so far.</summary>
    public int Count;

    public HeadFault Fault;
}
