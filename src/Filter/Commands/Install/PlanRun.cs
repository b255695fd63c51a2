using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Runs the steps of an installation. When one fails, everything that this run did is taken back.</summary>
/// <param name="journal">Where deeds are written down.</param>
/// <param name="disk">What the steps change files with.</param>
/// <param name="unwinder">Takes deeds back.</param>
/// <param name="staging">A folder that no run leaves behind.</param>
internal sealed class PlanRun(Journal journal, Disk disk, Rollback unwinder, string staging)
{
    /// <summary>One report a step, as it ends; after a failure, one for each deed that is taken back.</summary>
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
            await foreach (StepReport report in unwinder.UnwindAsync(before))
                yield return report;
            yield break;
        }
        Clear();
        disk.Settle();
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
                return new StepReport(StepOutcome.Already, step.Line);
            StepResult result = await step.RunAsync();
            return result.Succeeded
                ? new StepReport(StepOutcome.Done, step.Line)
                : new StepReport(StepOutcome.Failed, $"{step.Line}: {result.Problem}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A missing right, a full or a read-only disk.
            return new StepReport(StepOutcome.Failed, $"{step.Line}: {refused.Message}");
        }
    }
}
