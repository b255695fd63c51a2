namespace FastGate.Proxy.Wire;

/// <summary>Determines how a message's content is framed, in the order of RFC 9112 §6.3.</summary>
internal static class Framing
{
    public static ContentFraming OfRequest(in RequestHead head)
    {
        // 1, 2. Apply to responses.
        // 3. Transfer-Encoding with Content-Length: already refused as a fault of the head.
        // 4. Transfer-Encoding: chunked is the only coding that a valid head has.
        if (head.Chunked)
            return ContentFraming.Chunked;

        // 5. A malformed Content-Length: already refused as a fault of the head.
        // 6. Content-Length, whatever the method: Go also reads content on GET and HEAD.
        if (head.ContentLength > 0)
            return ContentFraming.Length;

        // 7. Neither: no content.
        return ContentFraming.None;
        // 8. Applies to responses.
    }

    public static ContentFraming OfResponse(in ResponseHead head, bool headRequest)
    {
        // 1. HEAD, 1xx, 204 and 304 have no content, whatever the fields.
        if (headRequest || head.Status is < 200 or 204 or 304)
            return ContentFraming.None;

        // 2. 2xx to CONNECT: Go makes no tunnel for CONNECT with origin-form, so the fields count.
        // 3. Transfer-Encoding with Content-Length: already refused as a fault of the head.
        // 4. Transfer-Encoding: chunked is the only coding that a valid head has.
        if (head.Chunked)
            return ContentFraming.Chunked;

        // 5. A malformed Content-Length: already refused as a fault of the head.
        // 6. Content-Length.
        if (head.ContentLength >= 0)
            return head.ContentLength > 0 ? ContentFraming.Length : ContentFraming.None;

        // 7. Applies to requests.
        // 8. Neither: until the upstream closes.
        return ContentFraming.UntilClose;
    }
}

/// <summary>
/// The methods whose content every server reads. cpp-httplib 0.11 leaves the content of other methods on the connection
/// and reads it as the next request; 0.53.1 does so for unknown methods.
/// </summary>
internal static class ContentMethods
{
    /// <param name="method">The method as sent; methods are case-sensitive (RFC 9110 §9.1).</param>
    public static bool Include(ReadOnlySpan<byte> method) =>
        method.Length switch
        {
            3 => method.SequenceEqual("PUT"u8),
            4 => method.SequenceEqual("POST"u8),
            5 => method.SequenceEqual("PATCH"u8),
            6 => method.SequenceEqual("DELETE"u8),
            _ => false,
        };
}
