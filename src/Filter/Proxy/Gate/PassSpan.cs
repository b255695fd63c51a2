namespace FastGate.Proxy.Gate;

/// <summary>What to do with the bytes in an upstream's buffer.</summary>
/// <param name="PassStart">Where the bytes to pass on begin.</param>
/// <param name="PassLength">How many there are.</param>
/// <param name="Done">How many, from the first, may leave the buffer after that.</param>
internal readonly record struct PassSpan(int PassStart, int PassLength, int Done);
