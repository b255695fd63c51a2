namespace FastGate.Proxy.Admin;

/// <summary>Where a gate tells its numbers.</summary>
/// <param name="Socket">The path of a Unix socket; null for none.</param>
/// <param name="Port">A port on 127.0.0.1 and ::1; 0 for none.</param>
internal sealed record AdminOptions(string? Socket, int Port);
