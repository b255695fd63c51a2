using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Runs the steps of an installation. When one fails, everything that this run did is taken back.</summary>
/// <param name="journal">Where changes are written down.</param>
/// <param name="disk">What the steps change files with.</param>
/// <param name="unwinder">Takes changes back.</param>
/// <param name="staging">A folder that no run leaves behind.</param>
internal sealed class PlanRun(Journal journal, Disk disk, Rollback unwinder, string staging)
{
    /// <summary>One report a step, as it ends; after a failure, one for each change that is taken back.</summary>
    public async IAsyncEnumerable<StepReport> RunAsync(IReadOnlyList<Step> steps)
    {
        int before = journal.Changes.Count;
        foreach (Step step in steps)
        {
            (StepOutcome outcome, string says) = await RunAsync(step);
            yield return new StepReport(outcome, says);
            if (outcome != StepOutcome.Failed)
                continue;
            Clear();
            await foreach (StepReport report in unwinder.RunAsync(before))
                yield return report;
            yield break;
        }
        Clear();
        disk.Commit();
    }

    private void Clear()
    {
        if (Directory.Exists(staging))
            Directory.Delete(staging, recursive: true);
    }

    private static async Task<StepReport> RunAsync(Step step)
    {
        try
        {
            if (await step.IsDoneAsync())
                return new StepReport(StepOutcome.Unchanged, step.Line);
            StepResult result = await step.RunAsync();
            return result.Succeeded
                ? new StepReport(StepOutcome.Done, step.Line)
                : new StepReport(StepOutcome.Failed, $"{step.Line}: {result.Problem}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A missing right, a full or a read-only disk.
            return new StepReport(StepOutcome.Failed, $"{step.Line}: {exception.Message}");
        }
    }
}

/// <summary>What an installation would do on this machine.</summary>
/// <param name="Steps">In their order.</param>
/// <param name="Notes">What the owner should know or do, since it is not done here.</param>
/// <param name="Problem">Why there is nothing to be done; null if there is.</param>
internal sealed record InstallPlan(IReadOnlyList<Step> Steps, IReadOnlyList<string> Notes, string? Problem = null);

/// <summary>One step of an installation, which can be shown, looked at, or run.</summary>
/// <param name="Line">What it does.</param>
/// <param name="Details">The file it writes or the commands it gives, line by line.</param>
/// <param name="IsDoneAsync">It is so already. Only looks.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record Step(
    string Line,
    IReadOnlyList<string> Details,
    Func<Task<bool>> IsDoneAsync,
    Func<Task<StepResult>> RunAsync
);

/// <summary>What became of a step, or of its undoing.</summary>
internal enum StepOutcome
{
    Done,

    /// <summary>It was so already.</summary>
    Unchanged,

    Failed,

    /// <summary>Taken back, since a later step failed.</summary>
    Undone,

    /// <summary>Could not be taken back.</summary>
    UndoFailed,
}

/// <summary>What became of a step.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">The step, and what is wrong.</param>
internal readonly record struct StepReport(StepOutcome Outcome, string Message);
