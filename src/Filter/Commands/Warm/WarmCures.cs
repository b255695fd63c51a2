namespace FastGate.Commands.Warm;

/// <summary>What to do about the errors of Ollama that people see most.</summary>
internal static class WarmCures
{
    private static readonly (string Words, string Cure)[] Known =
    [
        ("no space left", "make room: ollama list shows what is there, ollama rm MODEL removes one"),
        ("file does not exist", "there is no model of this name and tag: see https://ollama.com/search"),
        ("not found", "there is no model of this name and tag: see https://ollama.com/search"),
        ("newer version of Ollama", "update Ollama"),
        ("requires a newer version", "update Ollama"),
        (
            "requires more system memory",
            "take a smaller model or quantization, or end others: ollama ps, ollama stop MODEL"
        ),
        ("no such host", "this machine does not reach the registry: look at its network and DNS, then run this again"),
        (
            "network is unreachable",
            "this machine does not reach the registry: look at its network, then run this again"
        ),
        ("dial tcp", "this machine does not reach the registry: look at its network, then run this again"),
        ("i/o timeout", "the registry does not answer: run this again, and it goes on from there"),
        ("max retries exceeded", "the registry does not answer: run this again, and it goes on from there"),
        ("FastGate", "this is a gate: name Ollama itself with --upstream, or \"upstream\" in the config"),
        ("not on the allowlist", "this is a gate: name Ollama itself with --upstream, or \"upstream\" in the config"),
    ];

    /// <summary>Null when nothing is known that would help.</summary>
    public static string? For(string error) =>
        Known.FirstOrDefault(known => error.Contains(known.Words, StringComparison.OrdinalIgnoreCase)).Cure;
}
