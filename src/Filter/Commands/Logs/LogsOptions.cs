namespace FastGate.Commands.Logs;

/// <summary>What <c>logs</c> was asked for.</summary>
/// <param name="Path">The access log.</param>
/// <param name="Filter">Which lines.</param>
/// <param name="LinesMax">How many of the last ones; null for all.</param>
/// <param name="Follow">And those that come.</param>
/// <param name="Json">As written.</param>
internal sealed record LogsOptions(string Path, LogFilter Filter, int? LinesMax, bool Follow, bool Json);
