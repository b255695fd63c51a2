namespace FastGate.Proxy.Wire;

/// <summary>Which byte of chunked content comes next.</summary>
internal enum ChunkPhase : byte
{
    SizeBegin,
    Size,
    Extension,
    SizeLineFeed,
    Data,
    DataCarriageReturn,
    DataLineFeed,
    TrailerBegin,
    Trailer,
    TrailerLineFeed,
    LastLineFeed,
    End,
}
