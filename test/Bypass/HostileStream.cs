namespace FastGate.Test.Bypass;

/// <summary>
/// What one client sends to get a request past the gate, as Latin-1 text. It waits for a response between two parts.
/// </summary>
internal sealed record HostileStream(string Name, string Why, params string[] Parts)
{
    public override string ToString() => $"{Name} ({Why})";
}
