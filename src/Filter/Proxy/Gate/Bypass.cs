using FastGate.Proxy.Listening;

namespace FastGate.Proxy.Gate;

/// <summary>An entry of Tailscale Serve by which peers get past the gate.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Taken">The gate's port whose connections it takes; null if it leads to Ollama by a port of its
/// own.</param>
/// <param name="Off">What turns it off.</param>
internal sealed record Bypass(ServeEntry Entry, int? Taken, string Off)
{
    /// <summary>Where it leads, for people.</summary>
    public string Target => Entry.Target.Length > 0 ? Entry.Target : "a page of its own";
}
