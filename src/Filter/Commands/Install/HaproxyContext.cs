using System.Net;
using FastGate.Host.Servers;

namespace FastGate.Commands.Install;

/// <summary>What the meaning of an HAProxy configuration depends on beside its text.</summary>
internal sealed record HaproxyContext
{
    /// <summary>Nothing is known.</summary>
    public static HaproxyContext Nothing { get; } = new();

    /// <summary>What the files and the environment of HAProxy's agent add.</summary>
    /// <param name="folder">Base of relative paths.</param>
    /// <param name="variable">The environment of HAProxy's agent.</param>
    public static HaproxyContext Of(string folder, Func<string, string?> variable) =>
        new() { Variable = variable, File = path => HaproxyFiles.TextOf(Path.Combine(folder, path)) };

    /// <summary>The value of a variable in HAProxy's environment; null if it is unknown.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>The text of a file that the configuration names; null if it cannot be read.</summary>
    public Func<string, string?> File { get; init; } = _ => null;

    /// <summary>This machine's addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>Ports at which Ollama is expected.</summary>
    public IReadOnlyList<int> OllamaPorts { get; init; } = [11434];
}
