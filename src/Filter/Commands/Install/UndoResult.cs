namespace FastGate.Commands.Install;

/// <summary>What became of undoing a deed.</summary>
/// <param name="Says">One line for the owner; empty if there was nothing to do and nothing to say.</param>
/// <param name="Failed">It still stands.</param>
internal readonly record struct UndoResult(string Says, bool Failed = false)
{
    public static UndoResult Nothing => new("");
}
