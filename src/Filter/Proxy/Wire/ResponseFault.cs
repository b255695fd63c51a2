namespace FastGate.Proxy.Wire;

/// <summary>Why the head of a response could not be understood; <see cref="ResponseFaultTexts"/> says it in
/// words.</summary>
internal enum ResponseFault
{
    None,
    StatusLineMalformed,
    VersionUnsupported,
    FieldLineMalformed,
    HeadTooLarge,
    ContentLengthRepeated,
    ContentLengthMalformed,
    TransferEncodingRepeated,
    TransferEncodingUnsupported,
    TransferEncodingInHttp10,
    TransferEncodingAndLength,
    ContentForbidden,
}

/// <summary>The one table of what is said of each fault of a response head.</summary>
internal static class ResponseFaultTexts
{
    /// <summary>502 Bad Gateway: the upstream, not the client, is at fault (RFC 9110 §15.6.3).</summary>
    private const int BadGateway = 502;

    private static readonly FaultText[] texts = [.. Enum.GetValues<ResponseFault>().Select(Row)];

    public static FaultText Of(ResponseFault fault) => texts[(int)fault];

    private static FaultText Row(ResponseFault fault) =>
        fault switch
        {
            ResponseFault.None => new(0, "none", "nothing is wrong"),
            ResponseFault.StatusLineMalformed => new(
                BadGateway,
                "status-line-malformed",
                "the upstream's answer does not begin with an HTTP status line"
            ),
            ResponseFault.VersionUnsupported => new(
                BadGateway,
                "response-version-unsupported",
                "the upstream answered in another version than HTTP/1.1 and HTTP/1.0"
            ),
            ResponseFault.FieldLineMalformed => new(
                BadGateway,
                "response-field-malformed",
                "the upstream's answer holds a malformed field line"
            ),
            ResponseFault.HeadTooLarge => new(
                BadGateway,
                "response-head-too-large",
                "the head of the upstream's answer has more than 65536 bytes"
            ),
            ResponseFault.ContentLengthRepeated => new(
                BadGateway,
                "response-content-length-repeated",
                "the upstream's answer has more than one Content-Length"
            ),
            ResponseFault.ContentLengthMalformed => new(
                BadGateway,
                "response-content-length-malformed",
                "the upstream's answer has a Content-Length that is no number"
            ),
            ResponseFault.TransferEncodingRepeated => new(
                BadGateway,
                "response-transfer-encoding-repeated",
                "the upstream's answer has more than one Transfer-Encoding"
            ),
            ResponseFault.TransferEncodingUnsupported => new(
                BadGateway,
                "response-transfer-encoding-unsupported",
                "the upstream's answer has a transfer coding other than chunked"
            ),
            ResponseFault.TransferEncodingInHttp10 => new(
                BadGateway,
                "response-transfer-encoding-in-http10",
                "the upstream's answer is HTTP/1.0 and has a Transfer-Encoding"
            ),
            ResponseFault.TransferEncodingAndLength => new(
                BadGateway,
                "response-transfer-encoding-and-length",
                "the upstream's answer has both Transfer-Encoding and Content-Length"
            ),
            ResponseFault.ContentForbidden => new(
                BadGateway,
                "response-content-forbidden",
                "the upstream's answer has a 1xx or 204 status and announces content"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
