namespace FastGate.Launchd;

/// <summary>Runs the system's programs. Everything that is asked of the system goes through one of these.</summary>
public interface ICommandRunner
{
    /// <summary>The whole path of a program, as the search path finds it; null if it does not.</summary>
    string? Find(string program);

    /// <summary>Runs a program to its end; a program that is not there or takes too long is an exit code, not an
    /// exception.</summary>
    /// <param name="program">A name to be found, or a whole path.</param>
    /// <param name="arguments">As they are to arrive; no shell reads them.</param>
    /// <param name="longest">Then it is ended.</param>
    Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest);
}
