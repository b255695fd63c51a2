namespace FastGate.Proxy.Wire;

/// <summary>Why chunked content was refused; <see cref="ChunkFaultTexts"/> says it in words.</summary>
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

/// <summary>The one table of what is said of each fault of chunked content.</summary>
internal static class ChunkFaultTexts
{
    private static readonly FaultText[] texts = [.. Enum.GetValues<ChunkFault>().Select(Row)];

    public static FaultText Of(ChunkFault fault) => texts[(int)fault];

    // Status 0: the head has gone up, so both connections are closed and nothing is answered.
    private static FaultText Row(ChunkFault fault) =>
        fault switch
        {
            ChunkFault.None => new(0, "none", "nothing is wrong"),
            ChunkFault.SizeMissing => new(0, "chunk-size-missing", "a chunk has no size"),
            ChunkFault.SizeByte => new(0, "chunk-size-byte", "a chunk size holds a byte that is no hexadecimal digit"),
            ChunkFault.SizeTooLong => new(0, "chunk-size-too-long", "a chunk size has more than 15 digits"),
            ChunkFault.Extension => new(0, "chunk-extension", "a chunk of a request has an extension"),
            ChunkFault.ExtensionTooLong => new(
                0,
                "chunk-extension-too-long",
                "a chunk has extensions of more than 1024 bytes"
            ),
            ChunkFault.DataTooLong => new(
                0,
                "chunk-data-too-long",
                "the data of a chunk do not end where its size says"
            ),
            ChunkFault.BareCarriageReturn => new(
                0,
                "chunk-bare-carriage-return",
                "a carriage return in chunk framing is not followed by a line feed"
            ),
            ChunkFault.BareLineFeed => new(
                0,
                "chunk-bare-line-feed",
                "a line of chunk framing ends in a line feed alone"
            ),
            ChunkFault.Trailer => new(0, "chunk-trailer", "the chunked content of a request has trailers"),
            ChunkFault.TrailersTooLong => new(0, "chunk-trailers-too-long", "the trailers have more than 8192 bytes"),
            ChunkFault.ControlByte => new(0, "chunk-control-byte", "an extension or a trailer holds a control byte"),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
