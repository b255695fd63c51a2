namespace FastGate.Commands.Warm;

/// <summary>What became of one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Pulled">How long that took; null if it was there.</param>
/// <param name="Loaded">How long that took; null if it is not loaded.</param>
/// <param name="Problem">Why not, fit to be shown; null if all is well.</param>
internal sealed record WarmResult(string Model, TimeSpan? Pulled, TimeSpan? Loaded, string? Problem);
