namespace FastGate.Commands.Doctor;

/// <summary>One question that is asked of an installation.</summary>
/// <param name="Id">Its name for programs, which stays.</param>
/// <param name="Group">What it is about.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="RunAsync">Asks it. An exception is a failed check and no more.</param>
internal sealed record DoctorCheck(
    string Id,
    CheckGroup Group,
    string Title,
    Func<CheckContext, Task<CheckResult>> RunAsync
)
{
    public Needs Needs { get; init; }

    /// <summary>What to do when it is given up; null for the gate's log.</summary>
    public string? LateCure { get; init; }

    /// <summary>Then it is given up and has failed.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(20);
}
