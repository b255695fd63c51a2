namespace FastGate.Test.Bypass;

/// <summary>How the bytes of a stream are handed to the socket.</summary>
public enum Pieces
{
    Whole,
    ByteByByte,

    /// <summary>In two, at a place that is said besides.</summary>
    Cut,
}
