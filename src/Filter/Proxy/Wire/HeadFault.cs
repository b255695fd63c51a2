namespace FastGate.Proxy.Wire;

/// <summary>Why a request head was refused; <see cref="HeadFaultTexts"/> says what each one is answered with.</summary>
internal enum HeadFault
{
    None,

    // What is no HTTP/1.1 at all.
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

    /// <summary>Depends on the listener, so the scanner never finds it.</summary>
    ContentUnexpected,
}

/// <summary>The one table of what each fault of a request head is answered with.</summary>
internal static class HeadFaultTexts
{
    private static readonly FaultText[] texts = [.. Enum.GetValues<HeadFault>().Select(Row)];

    public static FaultText Of(HeadFault fault) => texts[(int)fault];

    private static FaultText Row(HeadFault fault) =>
        fault switch
        {
            HeadFault.None => new(0, "none", "nothing is wrong"),

            HeadFault.ClientSpokeTls => new(
                0,
                "client-spoke-tls",
                "the client spoke TLS to a plain-HTTP port; write http:// in its base URL"
            ),
            HeadFault.Http2Preface => new(
                505,
                "http2-preface",
                "the client began with HTTP/2; tell it to use HTTP/1.1"
            ),

            HeadFault.ProxyProtocol => new(
                400,
                "proxy-protocol",
                "the connection begins with a PROXY protocol header, which FastGate does not support; "
                    + "turn it off in the proxy "
                    + "(HAProxy: remove send-proxy from the server line; Tailscale: run tailscale serve "
                    + "without --proxy-protocol)"
            ),

            HeadFault.BlankBeforeRequest => new(
                400,
                "blank-before-request",
                "white space or an empty line stands before the request line"
            ),
            HeadFault.RequestLineTooLong => new(
                414,
                "request-line-too-long",
                "the request line has more than 8190 bytes"
            ),
            HeadFault.MethodByte => new(
                400,
                "method-byte",
                "the method must be letters, digits or !#$%&'*+-.^_`|~ followed by one space"
            ),
            HeadFault.ExtraSpace => new(
                400,
                "extra-space",
                "exactly one space must stand between method, target and version"
            ),
            HeadFault.VersionMissing => new(400, "version-missing", "the request line ends without HTTP/1.1"),
            HeadFault.VersionMalformed => new(
                400,
                "version-malformed",
                "the request line must end in HTTP/1.1 or HTTP/1.0 and nothing more"
            ),
            HeadFault.VersionUnsupported => new(
                505,
                "version-unsupported",
                "only HTTP/1.1 and HTTP/1.0 are spoken here"
            ),

            HeadFault.TargetForm => new(
                400,
                "target-form",
                "the request target must be a path that begins with / (do not use FastGate as an HTTP proxy)"
            ),
            HeadFault.TargetByte => new(
                400,
                "target-byte",
                "the request target holds a control or non-ASCII byte; percent-encode it"
            ),
            HeadFault.TargetBackslash => new(400, "target-backslash", "the request target holds a backslash"),
            HeadFault.TargetFragment => new(
                400,
                "target-fragment",
                "the request target holds #, which clients keep to themselves"
            ),
            HeadFault.TargetEmptySegment => new(
                400,
                "target-empty-segment",
                "the path has an empty segment (two slashes in a row, or one at its end)"
            ),
            HeadFault.TargetDotSegment => new(
                400,
                "target-dot-segment",
                "the path has a . or .. segment; write the path that is meant"
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
                "the path holds a percent-encoded slash or backslash, which servers read in different ways"
            ),
            HeadFault.TargetEncodedByte => new(
                400,
                "target-encoded-byte",
                "the path holds a percent-encoded control or non-ASCII byte"
            ),
            HeadFault.QueryBadEscape => new(
                400,
                "query-bad-escape",
                "a % in the query is not followed by two hexadecimal digits"
            ),

            HeadFault.BareCarriageReturn => new(
                400,
                "bare-carriage-return",
                "a carriage return is not followed by a line feed"
            ),
            HeadFault.BareLineFeed => new(
                400,
                "bare-line-feed",
                "a line ends in a line feed alone; HTTP lines end in CRLF"
            ),

            HeadFault.HeadTooLarge => new(
                431,
                "head-too-large",
                "the request head has more bytes than allowed (32768)"
            ),
            HeadFault.TooManyFields => new(431, "too-many-fields", "the request head has more than 100 field lines"),
            HeadFault.FieldLineTooLong => new(
                431,
                "field-line-too-long",
                "a field line of the request has more than 8190 bytes"
            ),
            HeadFault.FieldFold => new(
                400,
                "field-fold",
                "a field line begins with white space (line folding is obsolete)"
            ),
            HeadFault.FieldNameEmpty => new(400, "field-name-empty", "a field line has no name before its colon"),
            HeadFault.FieldNameByte => new(400, "field-name-byte", "a field name holds a byte that names cannot have"),
            HeadFault.FieldNameSpace => new(
                400,
                "field-name-space",
                "white space stands in a field name or before its colon"
            ),
            HeadFault.FieldColonMissing => new(400, "field-colon-missing", "a field line has no colon"),
            HeadFault.FieldValueByte => new(400, "field-value-byte", "a field value holds a control byte"),

            HeadFault.HostMissing => new(400, "host-missing", "an HTTP/1.1 request must have a Host field"),
            HeadFault.HostRepeated => new(400, "host-repeated", "the request has more than one Host field"),
            HeadFault.HostMalformed => new(
                400,
                "host-malformed",
                "Host must be a name or an address, with an optional port"
            ),

            HeadFault.ContentLengthRepeated => new(
                400,
                "content-length-repeated",
                "the request has more than one Content-Length field"
            ),
            HeadFault.ContentLengthMalformed => new(
                400,
                "content-length-malformed",
                "Content-Length must be 1 to 18 digits"
            ),
            HeadFault.TransferEncodingRepeated => new(
                400,
                "transfer-encoding-repeated",
                "the request has more than one Transfer-Encoding field"
            ),
            HeadFault.TransferEncodingMalformed => new(
                400,
                "transfer-encoding-malformed",
                "Transfer-Encoding must be exactly: chunked"
            ),
            HeadFault.TransferEncodingUnsupported => new(
                501,
                "transfer-encoding-unsupported",
                "the only transfer coding supported is chunked"
            ),
            HeadFault.TransferEncodingInHttp10 => new(
                400,
                "transfer-encoding-in-http10",
                "HTTP/1.0 has no Transfer-Encoding"
            ),
            HeadFault.TransferEncodingAndLength => new(
                400,
                "transfer-encoding-and-length",
                "the request has both Transfer-Encoding and Content-Length"
            ),
            HeadFault.ContentUnexpected => new(
                400,
                "content-unexpected",
                "only POST, PUT, PATCH and DELETE requests may have content, because some servers read "
                    + "the content of others as "
                    + "the next request; remove it, or set \"getContent\": \"allow\" in fastgate.json"
            ),

            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
