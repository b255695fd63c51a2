namespace FastGate.Proxy.Wire;

/// <summary>
/// Scans a response head for what decides the end of the response: status, framing, and whether the connection stays
/// open. Field lines follow the same grammar as in a request, without limits on their number and length. Pure;
/// allocates nothing.
/// </summary>
internal static class ResponseHeadScanner
{
    /// <param name="bytes">All bytes of the response received so far, from its first byte.</param>
    /// <param name="head">The state of the scan; pass it to the next call.</param>
    public static ScanResult Scan(ReadOnlySpan<byte> bytes, ref ResponseHead head)
    {
        if (head.Fault != ResponseFault.None)
            return ScanResult.Invalid;
        if (head.HeadLength > 0)
            return ScanResult.Complete;
        bool full = bytes.Length >= WireLimits.ResponseHeadBytesMax;
        ReadOnlySpan<byte> window = full ? bytes[..WireLimits.ResponseHeadBytesMax] : bytes;
        bool ended = StatusLineScanner.TryScan(window, ref head) && TryScanFields(window, ref head);
        if (ended)
            return ScanResult.Complete;

        if (head.Fault == ResponseFault.None && full)
            head.Fault = ResponseFault.HeadTooLarge;
        return head.Fault == ResponseFault.None ? ScanResult.Partial : ScanResult.Invalid;
    }

    private static bool TryScanFields(ReadOnlySpan<byte> bytes, ref ResponseHead head)
    {
        var block = FieldBlock.At(bytes, head.Cursor.Position);
        while (true)
        {
            switch (FieldLineScanner.Next(bytes, ref head.Cursor, ref block, int.MaxValue, out FieldLine line))
            {
                case FieldResult.Partial:
                    return false;
                case FieldResult.Invalid:
                    return head.Fail(ResponseFault.FieldLineMalformed);
                case FieldResult.Field:
                    if (!TryTake(bytes, line, ref head))
                        return false;
                    break;
                case FieldResult.End:
                    if (AnnouncesForbiddenContent(head))
                        return head.Fail(ResponseFault.ContentForbidden);
                    head.EndsConnection |= head.MinorVersion == 0 && !head.KeepAlive;
                    head.HeadLength = head.Cursor.Position + 2;
                    return true;
            }
        }
    }

    /// <summary>
    /// A server must not send either field with 1xx or 204 (RFC 9110 §8.6, RFC 9112 §6.1): a client that honors it
    /// reads the next response as the content of this one. A length of 0 means the same to every reader, and
    /// cpp-httplib sends it.
    /// </summary>
    private static bool AnnouncesForbiddenContent(in ResponseHead head) =>
        head.Status is < 200 or 204 && (head.Chunked || head.ContentLength > 0);

    private static bool TryTake(ReadOnlySpan<byte> bytes, in FieldLine line, ref ResponseHead head)
    {
        switch (FieldNames.Of(line.Name(bytes)))
        {
            case FieldName.ContentLength:
                return TryTakeContentLength(line.FramingValue(bytes), ref head);
            case FieldName.TransferEncoding:
                return TryTakeTransferEncoding(line.FramingValue(bytes), ref head);
            case FieldName.Connection:
                head.EndsConnection |= FieldValues.ListHas(line.Value(bytes), "close"u8);
                head.KeepAlive |= FieldValues.ListHas(line.Value(bytes), "keep-alive"u8);
                return true;
            default:
                return true;
        }
    }

    private static bool TryTakeContentLength(ReadOnlySpan<byte> value, ref ResponseHead head)
    {
        if (head.ContentLength >= 0)
            return head.Fail(ResponseFault.ContentLengthRepeated);
        if (head.Chunked)
            return head.Fail(ResponseFault.TransferEncodingAndLength);
        if (!FieldValues.TryParseContentLength(value, out long length))
            return head.Fail(ResponseFault.ContentLengthMalformed);
        head.ContentLength = length;
        return true;
    }

    private static bool TryTakeTransferEncoding(ReadOnlySpan<byte> value, ref ResponseHead head)
    {
        if (head.MinorVersion == 0)
            return head.Fail(ResponseFault.TransferEncodingInHttp10);
        if (head.Chunked)
            return head.Fail(ResponseFault.TransferEncodingRepeated);
        if (head.ContentLength >= 0)
            return head.Fail(ResponseFault.TransferEncodingAndLength);
        head.Chunked = FieldValues.IsChunked(value);
        return head.Chunked || head.Fail(ResponseFault.TransferEncodingUnsupported);
    }
}
