namespace FastGate.Proxy.Wire;

/// <summary>
/// Scans a request head (RFC 9112 §2 to §5): whatever two parsers could read differently is a fault. Pure; allocates
/// nothing. An invalid byte is reported at that byte, an invalid element where it ends, so the fault does not depend on
/// how the bytes arrive.
/// </summary>
internal static class RequestHeadScanner
{
    /// <param name="bytes">All bytes of the message received so far, from its first byte.</param>
    /// <param name="head">The state of the scan; pass it to the next call.</param>
    /// <param name="headBytesMax">The largest head that is accepted.</param>
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
        {
            head.Fault = HeadFault.HeadTooLarge;
            head.HeadBytesMax = headBytesMax;
        }
        return head.Fault == HeadFault.None ? ScanResult.Partial : ScanResult.Invalid;
    }

    /// <summary>
    /// Enforces the line limit without measuring each line: the scan sees no more than one line's limit of bytes from
    /// the start of its current line. A line that does not end within them is too long.
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

/// <summary>The result of a scan.</summary>
internal enum ScanResult
{
    /// <summary>Valid so far but incomplete. Only the caller knows whether more can come.</summary>
    Partial,
    Complete,

    /// <summary>Invalid, whatever follows; the state has the fault.</summary>
    Invalid,
}
