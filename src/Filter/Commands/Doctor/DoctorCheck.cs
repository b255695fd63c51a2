namespace FastGate.Commands.Doctor;

/// <summary>One check of an installation. It changes nothing, and depends on no other check.</summary>
/// <param name="Id">Its name for programs, which never changes.</param>
/// <param name="Group">The group in which it is shown.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="RunAsync">Runs it. An exception fails this check only.</param>
internal sealed record DoctorCheck(
    string Id,
    CheckGroup Group,
    string Title,
    Func<CheckProbe, Task<CheckResult>> RunAsync
)
{
    public Needs Needs { get; init; }

    /// <summary>The listener of the plan that the check is about, if any.</summary>
    public int? Listener { get; init; }

    /// <summary>The check fails if it takes longer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);
}
