namespace FastGate.Commands.Install;

/// <summary>One line of what changes with the move from HAProxy.</summary>
/// <param name="Before">What HAProxy lets through.</param>
/// <param name="After">The rules that FastGate has in its place, or why it has none.</param>
internal readonly record struct MigrationRow(string Before, string After);
