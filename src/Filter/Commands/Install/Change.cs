using System.Text.Json.Serialization;

namespace FastGate.Commands.Install;

/// <summary>Something that was done to the machine, with what it takes to undo it.</summary>
internal sealed record Change
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required ChangeKind Kind { get; init; }

    /// <summary>The file or folder; of an agent its property list.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where a file was moved to.</summary>
    public string? Aside { get; init; }

    /// <summary>SHA-256 of what was written.</summary>
    public string? Hash { get; init; }

    /// <summary>The label of an agent, the name of a unit or of a service.</summary>
    public string? Name { get; init; }

    /// <summary>Done to what FastGate had installed before: undone if this run fails, forgotten when it
    /// succeeds.</summary>
    public bool IsPassing { get; init; }
}

/// <summary>The kinds of deeds, each with its inverse.</summary>
internal enum ChangeKind
{
    /// <summary>A folder was made; the inverse deletes it if it is empty.</summary>
    MadeFolder,

    /// <summary>A file was written; the inverse deletes it if it is still as it was written.</summary>
    WroteFile,

    /// <summary>Somebody else's file was moved aside; the inverse moves it back.</summary>
    MovedFile,

    /// <summary>The gate writes logs into a folder that was made for them; the inverse deletes the logs.</summary>
    OwnsLogs,

    /// <summary>launchd keeps an agent; the inverse unloads it.</summary>
    LoadedAgent,

    /// <summary>launchd keeps an agent no more; the inverse loads it.</summary>
    UnloadedAgent,

    /// <summary>Homebrew's service was stopped; the inverse starts it.</summary>
    StoppedBrew,

    /// <summary>systemd is to look at its files; so does the inverse, when they are gone.</summary>
    ReloadedManager,

    /// <summary>A unit starts with the session, and was started; the inverse takes both back.</summary>
    EnabledUnit,

    /// <summary>A unit was stopped; the inverse starts it.</summary>
    StoppedUnit,

    /// <summary>A unit was started anew; the inverse stops it.</summary>
    StartedUnit,

    /// <summary>The user's units run without a session; the inverse ends that.</summary>
    EnabledLinger,
}
