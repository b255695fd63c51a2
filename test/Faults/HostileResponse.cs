namespace FastGate.Test.Faults;

/// <summary>One case of <c>hostile-responses.md</c>: what an upstream sends, and what must come of it.</summary>
internal sealed record HostileResponse(string Name, byte[] Bytes, int Mark, IReadOnlyDictionary<string, string> Outcome)
{
    /// <summary><c>GET</c> when nothing is said.</summary>
    public string Method => Outcome.GetValueOrDefault("request", "GET");

    /// <summary>What the upstream does behind its last byte: <c>stays</c>, <c>finishes</c> or <c>resets</c>.</summary>
    public string Upstream => Outcome.GetValueOrDefault("upstream", "stays");

    /// <summary>What the client gets, and how its connection goes on.</summary>
    public string Client => Outcome["client"];

    /// <summary>The reason in the access log; null for none.</summary>
    public string? Log => Outcome.GetValueOrDefault("log");

    public override string ToString() => Name;
}
