using FastGate.Launchd;

namespace FastGate.Commands.Install;

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
    Already,

    Failed,

    /// <summary>Taken back, since a later step failed.</summary>
    Undone,

    /// <summary>Could not be taken back.</summary>
    Stands,
}

/// <summary>What became of a step.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">The step, and what is wrong.</param>
internal readonly record struct StepReport(StepOutcome Outcome, string Message);
