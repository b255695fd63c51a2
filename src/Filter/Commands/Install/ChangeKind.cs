namespace FastGate.Commands.Install;

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
