namespace FastGate.Commands.Install;

/// <summary>What the flags of <c>install</c> say.</summary>
/// <param name="DryRun">Change nothing.</param>
/// <param name="Yes">Ask nothing.</param>
/// <param name="WithOllama">See to Ollama's agent as well.</param>
internal sealed record InstallChoices(bool DryRun = false, bool Yes = false, bool WithOllama = true);
