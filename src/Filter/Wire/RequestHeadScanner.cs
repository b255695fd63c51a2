using System.Runtime.CompilerServices;

namespace FastGate.Wire;

/// <summary>
/// Scans a request head (RFC 9112 §2 to §5) as strictly as the gate needs: whatever two parsers could read differently is a
/// fault. Pure; allocates nothing. A fault of a byte is found at that byte, a fault of meaning where its element ends, so the
/// same fault results however the bytes arrive.
/// </summary>
internal static class RequestHeadScanner
{
    /// <param name="bytes">From the first byte of the message; grows from call to call.</param>
    /// <param name="head">What was found; hand it back with the next call.</param>
    /// <param name="headBytesMax">The largest head that is taken.</param>
    public static ScanResult Scan(
        ReadOnlySpan<byte> bytes, ref RequestHead head, int headBytesMax = WireLimits.HeadBytesMax)
    {
        if (head.Fault != HeadFault.None) return ScanResult.Invalid;
        ReadOnlySpan<byte> window = bytes.Length > headBytesMax ? bytes[..headBytesMax] : bytes;
        bool ended = RequestLineScanner.TryScan(window, ref head) && TryScanFields(window, ref head);
        if (ended) return ScanResult.Complete;

        if (head.Fault == HeadFault.None && window.Length == headBytesMax) head.Fault = HeadFault.HeadTooLarge;
        return head.Fault == HeadFault.None ? ScanResult.Partial : ScanResult.Invalid;
    }

    private static bool TryScanFields(ReadOnlySpan<byte> bytes, ref RequestHead head)
    {
        if (head.Phase == RequestPhase.End) return true;
        FieldCursor cursor = head.Cursor; // a local stays in registers
        FieldStep step;
        while ((step = NextField(bytes, ref cursor, out FieldLine line)) == FieldStep.Field)
        {
            if (FieldNames.MayMatter(line.NameLength) && !RequestFields.TryTake(bytes, line, ref head)) return false;
        }

        head.Cursor = cursor;
        if (step != FieldStep.End) return head.Fail(cursor.Fault);
        if (!RequestFields.TryEnd(ref head)) return false;
        head.HeadLength = cursor.Position + 2;
        head.Phase = RequestPhase.End;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldStep NextField(ReadOnlySpan<byte> bytes, ref FieldCursor cursor, out FieldLine line)
    {
        if (cursor.Count < WireLimits.FieldLinesMax || !BeginsField(bytes, cursor.LineStart))
            return FieldLineScanner.Next(bytes, ref cursor, out line);

        line = default;
        cursor.Fault = HeadFault.TooManyFields;
        return FieldStep.Invalid;
    }

    private static bool BeginsField(ReadOnlySpan<byte> bytes, int at) =>
        at < bytes.Length && bytes[at] != WireBytes.CarriageReturn;
}
