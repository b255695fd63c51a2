namespace FastGate.Test.Differential;

/// <summary>What a strict client reads from the response bytes.</summary>
/// <param name="Whole">The number of complete final responses.</param>
/// <param name="Fault">The first error, or null. A response truncated at the very end is not an error.</param>
internal sealed record ResponseReading(int Whole, string? Fault);
