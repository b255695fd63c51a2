namespace FastGate.Test.Bypass;

/// <summary>What a correct client may send, however unusual, and the requests that must arrive, in order.</summary>
internal sealed record PlainStream(string Name, string Text, params PlainRequest[] Arrives);
