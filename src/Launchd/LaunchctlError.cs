namespace FastGate.Launchd;

/// <summary>The exit codes of <c>launchctl</c> that mean something here (<c>launchctl error CODE</c> names
/// them).</summary>
public static class LaunchctlError
{
    /// <summary>There is no such process, said of a label that is not loaded.</summary>
    public const int NoProcess = 3;

    /// <summary>Says little: mostly a label that lingers from a bootout just before, or one that is loaded
    /// already.</summary>
    public const int InputOutput = 5;

    /// <summary>Something is there already.</summary>
    public const int Exists = 17;

    /// <summary>The bootout is under way: the program has not ended yet.</summary>
    public const int InProgress = 36;

    /// <summary>Another operation on this label is under way, or it is loaded already.</summary>
    public const int Already = 37;

    /// <summary>There is no such service.</summary>
    public const int NoService = 113;

    /// <summary>Somebody has disabled the label; it stays so over restarts.</summary>
    public const int Disabled = 119;

    /// <summary>There is no such login session: nobody is logged in at the Mac's screen.</summary>
    public const int NoDomain = 125;

    /// <summary>What passes by itself.</summary>
    public static bool IsPassing(int code) => code is InputOutput or Exists or InProgress or Already;

    public static bool MeansNotLoaded(int code) => code is NoProcess or NoService;

    /// <summary>A sentence for the owner, with a cure where there is one.</summary>
    public static string Explain(string command, CommandResult result) =>
        result.ExitCode switch
        {
            NoDomain => $"launchctl {command}: there is no login session: log in at this Mac's screen (or turn "
                + $"on automatic login), and try again",
            Disabled => $"launchctl {command}: the label is disabled: launchctl enable it, and try again",
            CommandResult.NotFound => "launchctl is not there: is this a Mac?",
            _ => $"launchctl {command}: {result.Description}",
        };
}
