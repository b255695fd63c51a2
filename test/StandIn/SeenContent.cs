namespace FastGate.Test.StandIn;

/// <summary>
/// The content of a request as fully read: its length, its SHA-256 in lower-case hexadecimal, and why it was cut.
/// </summary>
internal sealed record SeenContent(long Length, string Sha256, string? Fault, byte[] Bytes);
