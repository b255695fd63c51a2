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
