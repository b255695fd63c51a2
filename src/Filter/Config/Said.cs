namespace FastGate.Config;

/// <summary>A value, and where somebody said it.</summary>
internal sealed record Said<T>(T Value, Place Place);
