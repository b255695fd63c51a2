namespace FastGate.Commands.Shared;

/// <summary>What was asked for cannot be written to where it was to go.</summary>
internal sealed class OutputException(string reason) : Exception(reason);
