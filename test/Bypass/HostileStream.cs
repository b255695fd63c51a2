namespace FastGate.Test.Bypass;

/// <summary>
/// What one client sends to bring a request past the gate, as Latin-1 text. Between two parts it waits for an answer to
/// the first, as a client that has seen its connection accepted would.
/// </summary>
internal sealed record HostileStream(string Name, string Why, params string[] Parts)
{
    public override string ToString() => $"{Name} ({Why})";
}
