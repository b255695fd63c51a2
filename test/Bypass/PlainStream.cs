namespace FastGate.Test.Bypass;

/// <summary>What a right client may send, however rare, and the requests that must arrive, in order.</summary>
internal sealed record PlainStream(string Name, string Text, params PlainRequest[] Arrives);
