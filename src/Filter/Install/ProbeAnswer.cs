namespace FastGate.Install;

/// <summary>An answer to a probe.</summary>
internal sealed record ProbeAnswer(int Status, string Content, TimeSpan Took);
