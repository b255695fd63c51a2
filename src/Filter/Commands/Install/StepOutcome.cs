namespace FastGate.Commands.Install;

/// <summary>What became of a step, or of its undoing.</summary>
internal enum StepOutcome
{
    Done,

    /// <summary>It was so already.</summary>
    Already,

    Failed,

    /// <summary>Taken back, since a later step failed.</summary>
    Undone,

    /// <summary>Could not be taken back.</summary>
    Stands,
}
