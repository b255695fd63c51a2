namespace FastGate.Proxy.Wire;

/// <summary>Why a request head was refused; <see cref="HeadFaultTexts"/> has the response to each.</summary>
internal enum HeadFault
{
    None,

    // A protocol other than HTTP/1.1.
    ClientSpokeTls,
    Http2Preface,
    ProxyProtocol,

    // The request line.
    BlankBeforeRequest,
    RequestLineTooLong,
    MethodByte,
    ExtraSpace,
    VersionMissing,
    VersionMalformed,
    VersionUnsupported,

    // The request target.
    TargetForm,
    TargetByte,
    TargetBackslash,
    TargetFragment,
    TargetEmptySegment,
    TargetDotSegment,
    TargetBadEscape,
    TargetDoubleEscape,
    TargetEncodedSlash,
    TargetEncodedByte,
    QueryBadEscape,

    // Line ends, anywhere in the head.
    BareCarriageReturn,
    BareLineFeed,

    // Field lines.
    HeadTooLarge,
    TooManyFields,
    FieldLineTooLong,
    FieldFold,
    FieldNameEmpty,
    FieldNameByte,
    FieldNameSpace,
    FieldColonMissing,
    FieldValueByte,

    // Host.
    HostMissing,
    HostRepeated,
    HostMalformed,

    // Framing.
    ContentLengthRepeated,
    ContentLengthMalformed,
    TransferEncodingRepeated,
    TransferEncodingMalformed,
    TransferEncodingUnsupported,
    TransferEncodingInHttp10,
    TransferEncodingAndLength,

    /// <summary>Depends on the listener's settings, so the scanner never reports it.</summary>
    ContentUnexpected,
}

/// <summary>The status, log word and sentence for each fault of a request head.</summary>
internal static class HeadFaultTexts
{
    private static readonly FaultText[] Texts = [.. Enum.GetValues<HeadFault>().Select(Row)];

    public static FaultText Of(HeadFault fault) => Texts[(int)fault];

    private static FaultText Row(HeadFault fault) =>
        fault switch
        {
            HeadFault.None => new(0, "none", "no fault"),

            HeadFault.ClientSpokeTls => new(
                0,
                "client-spoke-tls",
                "the client used TLS (https) on a plain-HTTP port; use http:// in its base URL"
            ),
            HeadFault.Http2Preface => new(505, "http2-preface", "the client used HTTP/2; configure it to use HTTP/1.1"),

            HeadFault.ProxyProtocol => new(
                400,
                "proxy-protocol",
                "the connection begins with a PROXY protocol header, which FastGate does not support; turn it off "
                    + "in the proxy (HAProxy: remove send-proxy from the server line; Tailscale: run tailscale serve "
                    + "without --proxy-protocol)"
            ),

            HeadFault.BlankBeforeRequest => new(
                400,
                "blank-before-request",
                "white space or an empty line precedes the request line"
            ),
            HeadFault.RequestLineTooLong => new(
                414,
                "request-line-too-long",
                $"the request line is longer than {WireLimits.RequestLineBytesMax} bytes"
            ),
            HeadFault.MethodByte => new(
                400,
                "method-byte",
                "the method must consist of letters, digits or !#$%&'*+-.^_`|~, followed by one space"
            ),
            HeadFault.ExtraSpace => new(
                400,
                "extra-space",
                "exactly one space must separate the method, the target and the version"
            ),
            HeadFault.VersionMissing => new(
                400,
                "version-missing",
                "the HTTP version is missing; the request line must end with HTTP/1.1 or HTTP/1.0"
            ),
            HeadFault.VersionMalformed => new(
                400,
                "version-malformed",
                "the HTTP version is malformed; the request line must end with HTTP/1.1 or HTTP/1.0"
            ),
            HeadFault.VersionUnsupported => new(
                505,
                "version-unsupported",
                "the HTTP version is not supported; use HTTP/1.1 or HTTP/1.0"
            ),

            HeadFault.TargetForm => new(
                400,
                "target-form",
                "the request target must be a path that begins with /; do not configure FastGate as an HTTP proxy"
            ),
            HeadFault.TargetByte => new(
                400,
                "target-byte",
                "the request target contains a control or non-ASCII character; percent-encode it"
            ),
            HeadFault.TargetBackslash => new(400, "target-backslash", "the request target contains a backslash"),
            HeadFault.TargetFragment => new(
                400,
                "target-fragment",
                "the request target contains #; clients must not send fragments"
            ),
            HeadFault.TargetEmptySegment => new(
                400,
                "target-empty-segment",
                "the path has an empty segment (two consecutive slashes, or a slash at the end)"
            ),
            HeadFault.TargetDotSegment => new(
                400,
                "target-dot-segment",
                "the path contains a . or .. segment; send the resolved path"
            ),
            HeadFault.TargetBadEscape => new(
                400,
                "target-bad-escape",
                "a % in the path is not followed by two hexadecimal digits"
            ),
            HeadFault.TargetDoubleEscape => new(400, "target-double-escape", "the path is percent-encoded twice"),
            HeadFault.TargetEncodedSlash => new(
                400,
                "target-encoded-slash",
                "the path contains a percent-encoded slash or backslash, which servers interpret differently"
            ),
            HeadFault.TargetEncodedByte => new(
                400,
                "target-encoded-byte",
                "the path contains a percent-encoded control or non-ASCII character"
            ),
            HeadFault.QueryBadEscape => new(
                400,
                "query-bad-escape",
                "a % in the query is not followed by two hexadecimal digits"
            ),

            HeadFault.BareCarriageReturn => new(
                400,
                "bare-carriage-return",
                "a carriage return (CR) is not followed by a line feed (LF)"
            ),
            HeadFault.BareLineFeed => new(
                400,
                "bare-line-feed",
                "a line ends with a line feed (LF) alone; HTTP lines must end with CRLF"
            ),

            HeadFault.HeadTooLarge => new(431, "head-too-large", "the request head is too large"),
            HeadFault.TooManyFields => new(
                431,
                "too-many-fields",
                $"the request has more than {WireLimits.FieldLinesMax} header lines"
            ),
            HeadFault.FieldLineTooLong => new(
                431,
                "field-line-too-long",
                $"a header line of the request is longer than {WireLimits.FieldLineBytesMax} bytes"
            ),
            HeadFault.FieldFold => new(
                400,
                "field-fold",
                "a header line begins with white space; line folding is obsolete and not supported"
            ),
            HeadFault.FieldNameEmpty => new(400, "field-name-empty", "a header line has no name before its colon"),
            HeadFault.FieldNameByte => new(
                400,
                "field-name-byte",
                "a header name contains a character that is not allowed there"
            ),
            HeadFault.FieldNameSpace => new(
                400,
                "field-name-space",
                "a header name contains white space or is followed by it"
            ),
            HeadFault.FieldColonMissing => new(400, "field-colon-missing", "a header line has no colon"),
            HeadFault.FieldValueByte => new(400, "field-value-byte", "a header value contains a control character"),

            HeadFault.HostMissing => new(400, "host-missing", "an HTTP/1.1 request must have a Host header"),
            HeadFault.HostRepeated => new(400, "host-repeated", "the request has more than one Host header"),
            HeadFault.HostMalformed => new(
                400,
                "host-malformed",
                "the Host header must be a host name or an IP address, with an optional port"
            ),

            HeadFault.ContentLengthRepeated => new(
                400,
                "content-length-repeated",
                "the request has more than one Content-Length header"
            ),
            HeadFault.ContentLengthMalformed => new(
                400,
                "content-length-malformed",
                $"the Content-Length header must be a number of 1 to {WireLimits.ContentLengthDigitsMax} digits"
            ),
            HeadFault.TransferEncodingRepeated => new(
                400,
                "transfer-encoding-repeated",
                "the request has more than one Transfer-Encoding header"
            ),
            HeadFault.TransferEncodingMalformed => new(
                400,
                "transfer-encoding-malformed",
                "the Transfer-Encoding header must be exactly \"chunked\""
            ),
            HeadFault.TransferEncodingUnsupported => new(
                501,
                "transfer-encoding-unsupported",
                "chunked is the only supported transfer coding"
            ),
            HeadFault.TransferEncodingInHttp10 => new(
                400,
                "transfer-encoding-in-http10",
                "an HTTP/1.0 request must not have a Transfer-Encoding header"
            ),
            HeadFault.TransferEncodingAndLength => new(
                400,
                "transfer-encoding-and-length",
                "the request has both a Transfer-Encoding and a Content-Length header"
            ),
            HeadFault.ContentUnexpected => new(
                400,
                "content-unexpected",
                "only POST, PUT, PATCH and DELETE requests may have content, because some servers read the "
                    + "content of other requests as the next request; remove it, or set "
                    + "\"contentOnGet\": \"allow\" in fastgate.json"
            ),

            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
