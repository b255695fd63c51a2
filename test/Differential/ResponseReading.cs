namespace FastGate.Test.Differential;

/// <summary>What a strict client makes of the bytes that it was answered.</summary>
/// <param name="Whole">Final answers that came to their end.</param>
/// <param name="Fault">What is wrong, or null; an answer that is cut short at the very end is not.</param>
internal sealed record ResponseReading(int Whole, string? Fault);
