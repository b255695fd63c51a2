namespace FastGate.Proxy.Wire;

/// <summary>
/// Scans a request head (RFC 9112 §2 to §5) as strictly as the gate needs: whatever two parsers could read differently
/// is a fault. Pure; allocates nothing. A fault of a byte is found at that byte, a fault of meaning where its element
/// ends, so the same fault results however the bytes arrive.
/// </summary>
internal static class RequestHeadScanner
{
    /// <param name="bytes">From the first byte of the message; grows from call to call.</param>
    /// <param name="head">What was found; hand it back with the next call.</param>
    /// <param name="headBytesMax">The largest head that is taken.</param>
    public static ScanResult Scan(
        ReadOnlySpan<byte> bytes,
        ref RequestHead head,
        int headBytesMax = WireLimits.HeadBytesMax
    )
    {
        if (head.Fault != HeadFault.None)
            return ScanResult.Invalid;
        ReadOnlySpan<byte> window = bytes.Length > headBytesMax ? bytes[..headBytesMax] : bytes;
        bool ended =
            window.Length <= WireLimits.FieldLineBytesMax ? TryScan(window, ref head) : TryScanLong(window, ref head);
        if (ended)
            return ScanResult.Complete;

        if (head.Fault == HeadFault.None && window.Length == headBytesMax)
            head.Fault = HeadFault.HeadTooLarge;
        return head.Fault == HeadFault.None ? ScanResult.Partial : ScanResult.Invalid;
    }

    /// <summary>
    /// Holds lines to their limit without measuring each: shows the scan no more than one line may have, from the start
    /// of the line on that it stands in. A line that does not end within that is too long.
    /// </summary>
    private static bool TryScanLong(ReadOnlySpan<byte> bytes, ref RequestHead head)
    {
        int end;
        do
        {
            int lineStart = head.Cursor.LineStart;
            int limit = lineStart + WireLimits.FieldLineBytesMax;
            bool full = bytes.Length > limit;
            bool mayEnd = full && bytes[limit] == WireBytes.CarriageReturn;
            end = full ? int.Min(limit + (mayEnd ? 2 : 1), bytes.Length) : bytes.Length;
            if (TryScan(bytes[..end], ref head))
                return true;
            if (head.Fault != HeadFault.None)
                return false;
            if (full && !mayEnd && head.Cursor.LineStart == lineStart)
                return head.Fail(HeadFault.FieldLineTooLong);
        } while (end < bytes.Length);
        return false;
    }

    private static bool TryScan(ReadOnlySpan<byte> bytes, ref RequestHead head)
    {
        if (head.Phase == RequestPhase.End)
            return true;
        var block = FieldBlock.At(bytes, head.Cursor.Position);
        bool lineDone =
            head.Phase == RequestPhase.Begin
                ? RequestLineBlock.TryTake(bytes, block.NameEnds, ref head)
                : head.Phase == RequestPhase.Fields;
        if (!lineDone)
        {
            if (!RequestLineScanner.TryScan(bytes, ref head))
                return false;
            block = FieldBlock.At(bytes, head.Cursor.Position);
        }

        return TryScanFields(bytes, ref block, ref head);
    }

    private static bool TryScanFields(ReadOnlySpan<byte> bytes, ref FieldBlock block, ref RequestHead head)
    {
        FieldResult step;
        while (
            (
                step = FieldLineScanner.Next(
                    bytes,
                    ref head.Cursor,
                    ref block,
                    WireLimits.FieldLinesMax,
                    out FieldLine line
                )
            ) == FieldResult.Field
        )
        {
            if (!RequestFields.TryTake(bytes, line, ref head))
                return false;
        }

        if (step != FieldResult.End)
            return head.Fail(head.Cursor.Fault);
        if (!RequestFields.TryEnd(ref head))
            return false;
        head.HeadLength = head.Cursor.Position + 2;
        head.Phase = RequestPhase.End;
        return true;
    }
}

/// <summary>What a scan says about the bytes it was shown.</summary>
internal enum ScanResult
{
    /// <summary>Good so far, and not at its end. Only the caller knows whether more can come.</summary>
    Partial,
    Complete,

    /// <summary>No bytes that could follow would make it good; the fault stands in the state.</summary>
    Invalid,
}
