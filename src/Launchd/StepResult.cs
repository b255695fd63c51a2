namespace FastGate.Launchd;

/// <summary>Whether a step was done, and if not, why not.</summary>
/// <param name="Problem">One sentence for the owner; null when it was done.</param>
public readonly record struct StepResult(string? Problem)
{
    public static StepResult Done => default;

    public bool Succeeded => Problem is null;

    public static StepResult Failed(string problem) => new(problem);
}
