namespace FastGate.Proxy.Wire;

/// <summary>Why a request head was refused; <see cref="HeadFaults"/> says what each one is answered with.</summary>
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
