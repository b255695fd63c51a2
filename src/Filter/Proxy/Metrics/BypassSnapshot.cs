namespace FastGate.Proxy.Metrics;

/// <summary>Something that lets clients past the gate.</summary>
/// <param name="By">The command that set it up, such as <c>tailscale serve --tcp=11434</c>.</param>
/// <param name="TakenPort">The gate's port whose connections it takes; null if it has a port of its own.</param>
/// <param name="Target">Where it leads.</param>
/// <param name="Off">What turns it off.</param>
internal sealed record BypassSnapshot(string By, int? TakenPort, string Target, string Off);
