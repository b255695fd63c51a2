namespace FastGate.Config;

/// <summary>A value, and where somebody said it.</summary>
internal sealed record Sourced<T>(T Value, SourceLocation Place);
