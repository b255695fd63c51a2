namespace FastGate.Proxy.Wire;

/// <summary>Decides how a message's content is framed, in the order of RFC 9112 §6.3.</summary>
internal static class Framing
{
    public static ContentFraming OfRequest(in RequestHead head)
    {
        // 1, 2. Are about responses.
        // 3. Transfer-Encoding together with Content-Length: a fault of the head, never here.
        // 4. Transfer-Encoding: chunked is the only coding that a head may have.
        if (head.Chunked)
            return ContentFraming.Chunked;

        // 5. A malformed Content-Length: a fault of the head, never here.
        // 6. Content-Length, whatever the method: Go reads it as content on GET and HEAD as well.
        if (head.ContentLength > 0)
            return ContentFraming.Length;

        // 7. Neither: no content.
        return ContentFraming.None;
        // 8. Is about responses.
    }

    public static ContentFraming OfResponse(in ResponseHead head, bool headRequest)
    {
        // 1. HEAD, 1xx, 204 and 304 have no content, whatever the fields say.
        if (headRequest || head.Status is < 200 or 204 or 304)
            return ContentFraming.None;

        // 2. 2xx to CONNECT: origin-form with CONNECT is no tunnel to Go, so the fields count.
        // 3. Transfer-Encoding together with Content-Length: a fault of the head, never here.
        // 4. Transfer-Encoding: chunked is the only coding that a head may have.
        if (head.Chunked)
            return ContentFraming.Chunked;

        // 5. A malformed Content-Length: a fault of the head, never here.
        // 6. Content-Length.
        if (head.ContentLength >= 0)
            return head.ContentLength > 0 ? ContentFraming.Length : ContentFraming.None;

        // 7. Is about requests.
        // 8. Neither: until the upstream closes.
        return ContentFraming.UntilClose;
    }
}

/// <summary>
/// The methods whose content every server reads. cpp-httplib 0.11 leaves the content of all others on the connection
/// and takes it for the next request; 0.53.1 does so with methods that it does not know.
/// </summary>
internal static class ContentMethods
{
    /// <param name="method">As it was sent: methods are case-sensitive (RFC 9110 §9.1).</param>
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
