namespace FastGate.Test.StandIn;

/// <summary>
/// The content of a request: its length, its SHA-256 in lower-case hexadecimal, and why it is incomplete, if it is.
/// </summary>
internal sealed record ReceivedContent(long Length, string Sha256, string? Fault, byte[] Bytes);
