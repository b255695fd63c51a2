namespace FastGate.Test.Differential;

/// <summary>What the strictest parser reads from a stream.</summary>
/// <param name="Messages">The messages in order, up to the first fault.</param>
/// <param name="IsClean">Whether the stream contains nothing else: no fault and nothing incomplete.</param>
internal sealed record StrictReading(IReadOnlyList<StrictMessage> Messages, bool IsClean);
