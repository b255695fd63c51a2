using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Runs the steps of an installation. If one fails, rolls back every change of this run.</summary>
/// <param name="journal">Records each change.</param>
/// <param name="disk">Changes files for the steps.</param>
/// <param name="rollback">Undoes recorded changes.</param>
/// <param name="staging">A temporary folder, deleted when the run ends.</param>
internal sealed class PlanRun(Journal journal, Disk disk, Rollback rollback, string staging)
{
    /// <summary>Reports each step as it ends; after a failure, reports each change that is undone.</summary>
    public async IAsyncEnumerable<StepReport> RunAsync(IReadOnlyList<Step> steps)
    {
        int firstOfRun = journal.Changes.Count;
        foreach (Step step in steps)
        {
            StepReport stepReport = await RunAsync(step);
            yield return stepReport;
            if (stepReport.Outcome != StepOutcome.Failed)
                continue;
            DeleteStaging();
            await foreach (StepReport report in rollback.RunAsync(firstOfRun))
                yield return report;
            yield break;
        }
        DeleteStaging();
        disk.Commit();
    }

    private void DeleteStaging()
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
                ? new StepReport(StepOutcome.Done, result.Note is { } note ? $"{step.Line}: {note}" : step.Line)
                : new StepReport(StepOutcome.Failed, $"{step.Line}: {result.Problem}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Permission denied, or a full or read-only disk.
            return new StepReport(StepOutcome.Failed, $"{step.Line}: {exception.Message}");
        }
    }
}

/// <summary>The steps of an installation on this machine.</summary>
/// <param name="Steps">In order.</param>
/// <param name="Notes">What the user has to know or do, because <c>install</c> does not do it.</param>
/// <param name="Problem">Why nothing can be installed; null if the plan can run.</param>
internal sealed record InstallPlan(IReadOnlyList<Step> Steps, IReadOnlyList<string> Notes, string? Problem = null)
{
    /// <summary>Serves clients while the gate restarts; disposed when the run is over, with its rollback.</summary>
    public IAsyncDisposable? StandIn { get; init; }

    /// <summary>A plan that installs nothing.</summary>
    public static InstallPlan Refused(string problem) => new([], [], problem);
}

/// <summary>One step of an installation, which can be shown, checked, or run.</summary>
/// <param name="Line">One line for the user.</param>
/// <param name="Details">The file that it writes or the commands that it runs, line by line.</param>
/// <param name="IsDoneAsync">Whether the step has nothing left to do. Changes nothing.</param>
/// <param name="RunAsync">Runs the step.</param>
internal sealed record Step(
    string Line,
    IReadOnlyList<string> Details,
    Func<Task<bool>> IsDoneAsync,
    Func<Task<StepResult>> RunAsync
);

/// <summary>The result of a step, or of undoing a change.</summary>
internal enum StepOutcome
{
    Done,

    /// <summary>The step had nothing left to do.</summary>
    Unchanged,

    Failed,

    /// <summary>A recorded change was undone.</summary>
    Undone,

    /// <summary>A recorded change could not be undone, and stays in the journal.</summary>
    UndoFailed,
}

/// <summary>The result of one step, for the user.</summary>
/// <param name="Outcome">The result.</param>
/// <param name="Message">The step, with the error if it failed.</param>
internal readonly record struct StepReport(StepOutcome Outcome, string Message);
