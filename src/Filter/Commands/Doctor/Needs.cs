namespace FastGate.Commands.Doctor;

/// <summary>What a check cannot do without; if it is lacking, the check is skipped and says so.</summary>
[Flags]
internal enum Needs
{
    Nothing = 0,

    /// <summary>Ollama answers, past the gate.</summary>
    Ollama = 1,

    /// <summary>FastGate answers.</summary>
    Gate = 2,

    /// <summary>There is a model that can say something.</summary>
    Model = 4,

    /// <summary>Calls that make the model work are wanted.</summary>
    ModelTests = 8,

    /// <summary>Calls of the Anthropic API are wanted.</summary>
    AnthropicTests = 16,

    /// <summary>Ollama, or another server that is known, answers past the gate.</summary>
    Upstream = 32,
}
