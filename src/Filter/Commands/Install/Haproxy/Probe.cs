namespace FastGate.Commands.Install.Haproxy;

/// <summary>A request that is followed through a configuration.</summary>
/// <param name="Method">GET, POST, ….</param>
/// <param name="Path">Null once HAProxy has rewritten it.</param>
/// <param name="Host">The name that the client used, in lower case and without a port; null for one that no line
/// names.</param>
internal sealed record Probe(string Method, string? Path, string? Host)
{
    public bool IsTls { get; init; }

    /// <summary>The port where it comes in; 0 if that is unknown.</summary>
    public int Port { get; init; }

    /// <summary>What <c>set-var</c> has kept, by name.</summary>
    public IReadOnlyDictionary<string, Sample> Variables { get; init; } = new Dictionary<string, Sample>();
}
