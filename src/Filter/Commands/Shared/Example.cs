namespace FastGate.Commands.Shared;

/// <summary>A command line that can be typed as it is, and what it does.</summary>
internal readonly record struct Example(string Command, string Meaning);
