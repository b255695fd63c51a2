namespace FastGate.Proxy.Wire;

/// <summary>Why the head of a response could not be understood; <see cref="ResponseFaults"/> says it in
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
