namespace FastGate.Test.Bypass;

/// <summary>How the bytes of a stream are passed to the socket.</summary>
public enum Pieces
{
    Whole,
    ByteByByte,

    /// <summary>In two pieces, at a given offset.</summary>
    Cut,
}
