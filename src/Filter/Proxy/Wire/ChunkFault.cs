namespace FastGate.Proxy.Wire;

/// <summary>Why chunked content was refused; <see cref="ChunkFaults"/> says it in words.</summary>
internal enum ChunkFault
{
    None,
    SizeMissing,
    SizeByte,
    SizeTooLong,
    Extension,
    ExtensionTooLong,
    DataTooLong,
    BareCarriageReturn,
    BareLineFeed,
    Trailer,
    TrailersTooLong,
    ControlByte,
}
