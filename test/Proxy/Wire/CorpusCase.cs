namespace FastGate.Test.Proxy.Wire;

/// <summary>One input of the corpus and what must come of it.</summary>
internal sealed record CorpusCase(string Name, string Kind, byte[] Input, string Expected);
