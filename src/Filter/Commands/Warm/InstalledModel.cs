namespace FastGate.Commands.Warm;

/// <summary>A model that Ollama has.</summary>
/// <param name="Name">As <see cref="ModelName"/> writes it.</param>
/// <param name="Bytes">On its disk.</param>
internal sealed record InstalledModel(string Name, long Bytes);
