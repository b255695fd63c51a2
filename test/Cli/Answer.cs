namespace FastGate.Test.Cli;

/// <summary>What a command line came to.</summary>
internal sealed record Answer(int Code, string Out, string Error);
