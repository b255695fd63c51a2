namespace FastGate.Commands.Install;

/// <summary>What became of a step.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Says">The step, and what is wrong.</param>
internal readonly record struct StepReport(StepOutcome Outcome, string Says);
