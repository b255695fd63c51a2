namespace FastGate.Proxy.Wire;

/// <summary>Why chunked content was refused; <see cref="ChunkFaultTexts"/> has the sentence for each.</summary>
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

/// <summary>The log word and sentence for each fault of chunked content.</summary>
internal static class ChunkFaultTexts
{
    private static readonly FaultText[] Texts = [.. Enum.GetValues<ChunkFault>().Select(Row)];

    public static FaultText Of(ChunkFault fault) => Texts[(int)fault];

    // Status 0: the head has already been forwarded, so both connections are closed without a response.
    private static FaultText Row(ChunkFault fault) =>
        fault switch
        {
            ChunkFault.None => new(0, "none", "no fault"),
            ChunkFault.SizeMissing => new(0, "chunk-size-missing", "a chunk has no size"),
            ChunkFault.SizeByte => new(
                0,
                "chunk-size-byte",
                "a chunk size contains a character that is not a hexadecimal digit"
            ),
            ChunkFault.SizeTooLong => new(
                0,
                "chunk-size-too-long",
                $"a chunk size has more than {WireLimits.ChunkSizeDigitsMax} digits"
            ),
            ChunkFault.Extension => new(0, "chunk-extension", "a chunk of the request has an extension"),
            ChunkFault.ExtensionTooLong => new(
                0,
                "chunk-extension-too-long",
                $"the extensions of a chunk are longer than {WireLimits.ChunkExtensionBytesMax} bytes"
            ),
            ChunkFault.DataTooLong => new(
                0,
                "chunk-data-too-long",
                "the data of a chunk does not end where its size says"
            ),
            ChunkFault.BareCarriageReturn => new(
                0,
                "chunk-bare-carriage-return",
                "a carriage return (CR) in the chunk framing is not followed by a line feed (LF)"
            ),
            ChunkFault.BareLineFeed => new(
                0,
                "chunk-bare-line-feed",
                "a line of the chunk framing ends with a line feed (LF) alone"
            ),
            ChunkFault.Trailer => new(0, "chunk-trailer", "the chunked content of a request has trailers"),
            ChunkFault.TrailersTooLong => new(
                0,
                "chunk-trailers-too-long",
                $"the trailers are longer than {WireLimits.TrailerBytesMax} bytes"
            ),
            ChunkFault.ControlByte => new(
                0,
                "chunk-control-byte",
                "a chunk extension or trailer contains a control character"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
}
