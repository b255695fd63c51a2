namespace FastGate.Test.Differential;

/// <summary>What the strictest reader makes of a stream.</summary>
/// <param name="Messages">In order, up to the first fault.</param>
/// <param name="IsClean">Whether nothing else is in the stream: no fault, nothing unfinished.</param>
internal sealed record StrictReading(IReadOnlyList<StrictMessage> Messages, bool IsClean);
