namespace FastGate.Commands.Install;

/// <summary>Undoes deeds from the last to the first, and goes on past those that cannot be undone: they stay in the journal.</summary>
internal sealed class Unwinder(Journal journal, Undo undo)
{
    /// <param name="from">The index of the first deed that is undone; 0 is all of them.</param>
    public async IAsyncEnumerable<StepReport> UnwindAsync(int from)
    {
        foreach (Deed deed in journal.Deeds.Skip(from).Reverse().ToList())
        {
            if (deed.Kind == DeedKind.MadeFolder && journal.IsIn(deed.Path))
            {
                // The journal goes before the folder that it lies in, and it stays as long as something else stands.
                if (journal.Deeds.Any(other => other.Kind != DeedKind.MadeFolder)) continue;
                journal.Delete();
            }
            UndoResult result = await undo.RunAsync(deed);
            if (!result.Failed) journal.Remove(deed);
            if (result.Says.Length > 0) yield return new StepReport(result.Failed ? StepOutcome.Stands : StepOutcome.Undone, result.Says);
        }
        if (journal.Deeds.Count == 0) journal.Delete();
    }
}
