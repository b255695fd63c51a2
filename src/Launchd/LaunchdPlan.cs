namespace FastGate.Launchd;

/// <summary>Steps in their order, which can be shown or run.</summary>
public sealed class LaunchdPlan(IReadOnlyList<LaunchdStep> steps)
{
    /// <summary>What would be done, a line a step.</summary>
    public IReadOnlyList<string> Lines { get; } = [.. steps.Select(step => step.Line)];

    /// <summary>Runs the steps; the first that fails is the last.</summary>
    public async Task<StepResult> RunAsync()
    {
        foreach (LaunchdStep step in steps)
        {
            StepResult result = await step.RunAsync();
            if (!result.Succeeded)
                return result;
        }
        return StepResult.Done;
    }
}

/// <summary>One step of a <see cref="LaunchdPlan"/>.</summary>
/// <param name="Line">The command that a person would type, or what is waited for.</param>
/// <param name="RunAsync">Does it, with its retries.</param>
public sealed record LaunchdStep(string Line, Func<Task<StepResult>> RunAsync);
