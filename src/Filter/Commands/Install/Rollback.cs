namespace FastGate.Commands.Install;

/// <summary>Undoes deeds from the last to the first, and goes on past those that cannot be undone: they stay in the
/// journal.</summary>
internal sealed class Rollback(Journal journal, Undo undo)
{
    /// <param name="from">The index of the first deed that is undone; 0 is all of them.</param>
    public async IAsyncEnumerable<StepReport> UnwindAsync(int from)
    {
        foreach (Change deed in journal.Changes.Skip(from).Reverse().ToList())
        {
            if (deed.Kind == ChangeKind.MadeFolder && journal.IsIn(deed.Path))
            {
                // The journal goes before the folder that it lies in, and it stays as long as something else stands.
                if (journal.Changes.Any(other => other.Kind != ChangeKind.MadeFolder))
                    continue;
                journal.Delete();
            }
            UndoResult result = await undo.RunAsync(deed);
            if (!result.Failed)
                journal.Remove(deed);
            if (result.Message.Length > 0)
                yield return new StepReport(result.Failed ? StepOutcome.Stands : StepOutcome.Undone, result.Message);
        }
        if (journal.Changes.Count == 0)
            journal.Delete();
    }
}
