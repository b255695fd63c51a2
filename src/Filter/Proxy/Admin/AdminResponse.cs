using FastGate.Proxy.Metrics;

namespace FastGate.Proxy.Admin;

/// <summary>An answer to <see cref="AdminClient"/>.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Snapshot">What it said; null when it did not.</param>
/// <param name="Json">The same as it came.</param>
internal sealed record AdminResponse(AdminOutcome Outcome, GateSnapshot? Snapshot = null, byte[]? Json = null);
