namespace FastGate.Test.Commands.Shared;

/// <summary>What a command line came to.</summary>
internal sealed record Answer(int Code, string Out, string Error);
