namespace FastGate.Proxy.Wire;

/// <summary>Why a response head is invalid; <see cref="ResponseFaultTexts"/> has the sentence for each.</summary>
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

/// <summary>The status, log word and sentence for each fault of a response head.</summary>
internal static class ResponseFaultTexts
{
    /// <summary>502 Bad Gateway: the upstream, not the client, is at fault (RFC 9110 §15.6.3).</summary>
    private const int BadGateway = 502;

    private static readonly FaultText[] Texts = [.. Enum.GetValues<ResponseFault>().Select(Row)];

    public static FaultText Of(ResponseFault fault) => Texts[(int)fault];

    private static FaultText Row(ResponseFault fault) =>
        fault switch
        {
            ResponseFault.None => new(0, "none", "no fault"),
            ResponseFault.StatusLineMalformed => new(
                BadGateway,
                "status-line-malformed",
                "the upstream's response does not begin with an HTTP status line"
            ),
            ResponseFault.VersionUnsupported => new(
                BadGateway,
                "response-version-unsupported",
                "the upstream's response has an HTTP version other than 1.1 and 1.0"
            ),
            ResponseFault.FieldLineMalformed => new(
                BadGateway,
                "response-field-malformed",
                "the upstream's response has a malformed header line"
            ),
            ResponseFault.HeadTooLarge => new(
                BadGateway,
                "response-head-too-large",
                $"the head of the upstream's response is larger than {WireLimits.ResponseHeadBytesMax} bytes"
            ),
            ResponseFault.ContentLengthRepeated => new(
                BadGateway,
                "response-content-length-repeated",
                "the upstream's response has more than one Content-Length header"
            ),
            ResponseFault.ContentLengthMalformed => new(
                BadGateway,
                "response-content-length-malformed",
                "the upstream's response has a Content-Length header that is not a number"
            ),
            ResponseFault.TransferEncodingRepeated => new(
                BadGateway,
                "response-transfer-encoding-repeated",
                "the upstream's response has more than one Transfer-Encoding header"
            ),
            ResponseFault.TransferEncodingUnsupported => new(
                BadGateway,
                "response-transfer-encoding-unsupported",
                "the upstream's response has a transfer coding other than chunked"
            ),
            ResponseFault.TransferEncodingInHttp10 => new(
                BadGateway,
                "response-transfer-encoding-in-http10",
                "the upstream's response is HTTP/1.0 but has a Transfer-Encoding header"
            ),
            ResponseFault.TransferEncodingAndLength => new(
                BadGateway,
                "response-transfer-encoding-and-length",
                "the upstream's response has both a Transfer-Encoding and a Content-Length header"
            ),
            ResponseFault.ContentForbidden => new(
                BadGateway,
                "response-content-forbidden",
                "the upstream's response has a 1xx or 204 status but announces content"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
