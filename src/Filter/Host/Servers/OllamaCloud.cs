namespace FastGate.Host.Servers;

/// <summary><c>OLLAMA_NO_CLOUD</c>: without it, who may ask Ollama may also use its owner's account at
/// ollama.com.</summary>
internal static class OllamaCloud
{
    public const string Variable = "OLLAMA_NO_CLOUD";

    /// <summary>What install writes.</summary>
    public const string Off = "1";

    // envconfig.Bool: what strconv.ParseBool reads as false, and nothing; anything else is true.
    private static readonly string[] False = ["", "0", "f", "F", "FALSE", "false", "False"];

    /// <summary>A server with this value has no cloud models and no web search.</summary>
    public static bool IsOff(string? value) => value is not null && !False.Contains(value.Trim().Trim('"', '\''));
}
