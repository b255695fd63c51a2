namespace FastGate.Host;

/// <summary>Provides the program to install.</summary>
internal interface IPublisher
{
    /// <summary>The path of a program that another package manager keeps up to date, and that runs from where it is;
    /// null for one that is installed as a copy.</summary>
    string? InPlace { get; }

    /// <summary>Finds out what there is to do. Changes nothing.</summary>
    Task<PublishPlan> PlanAsync();

    /// <summary>Creates the program in an empty folder; from source, this takes minutes.</summary>
    /// <param name="plan">What <see cref="PlanAsync"/> found.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="progress">Called with what it does, whenever that changes; on any thread.</param>
    Task<PublishResult> PublishAsync(PublishPlan plan, string folder, Action<string> progress);
}

/// <summary>What a publisher would do.</summary>
/// <param name="Lines">For people: the command, and why it is not another one.</param>
/// <param name="Fingerprint">Identifies everything that the program is made from. Null if that is unknown, or if the
/// program is created in no time.</param>
/// <param name="Obstacle">Why the program cannot be native code; null if it can, or if that is decided already.</param>
internal sealed record PublishPlan(
    IReadOnlyList<string> Lines,
    string? Fingerprint = null,
    NativeObstacle? Obstacle = null
)
{
    public static PublishPlan Nothing { get; } = new([]);
}

/// <summary>A program to install.</summary>
/// <param name="Path">The file; null if there is a problem.</param>
/// <param name="NeedsDotnet">Whether it needs an installed .NET.</param>
/// <param name="Problem">The reason when publishing failed.</param>
/// <param name="Note">Which kind of program it is, and why not a better one.</param>
internal sealed record PublishResult(string? Path, bool NeedsDotnet = false, string? Problem = null, string? Note = null);
