namespace FastGate.Launchd;

/// <summary>One step of a <see cref="LaunchdPlan"/>.</summary>
/// <param name="Line">The command that a person would type, or what is waited for.</param>
/// <param name="RunAsync">Does it, with its retries.</param>
public sealed record LaunchdStep(string Line, Func<Task<StepResult>> RunAsync);
