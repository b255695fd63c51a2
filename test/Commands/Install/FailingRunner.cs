using FastGate.Launchd;

namespace FastGate.Test.Commands.Install;

/// <summary>Runs commands, except that one of them, selected by number or prefix, fails without being run.</summary>
internal sealed class FailingRunner(ICommandRunner inner) : ICommandRunner
{
    private int _count;

    /// <summary>The number of the command that fails, from 1; 0 for none.</summary>
    public int FailsAt { get; init; }

    /// <summary>Every command with this prefix fails; null for none.</summary>
    public string? FailsOn { get; set; }

    public int ExitCode { get; init; } = 1;

    /// <summary>Whether a command has failed.</summary>
    public bool HasFailed { get; private set; }

    public string? Find(string program) => inner.Find(program);

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout)
    {
        string line = $"{Path.GetFileName(program)} {string.Join(' ', arguments)}";
        bool fails = ++_count == FailsAt || (FailsOn is not null && line.StartsWith(FailsOn, StringComparison.Ordinal));
        HasFailed |= fails;
        return fails
            ? Task.FromResult(new CommandResult(ExitCode, "", $"{line}: made to fail"))
            : inner.RunAsync(program, arguments, timeout);
    }
}

/// <summary>Runs commands, except that the first one with a given prefix fails without being run.</summary>
internal sealed class FailingOnce(ICommandRunner inner, string command, int exitCode) : ICommandRunner
{
    private bool _hasFailed;

    public string? Find(string program) => inner.Find(program);

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout)
    {
        string line = $"{program} {string.Join(' ', arguments)}";
        if (_hasFailed || !line.StartsWith(command, StringComparison.Ordinal))
            return inner.RunAsync(program, arguments, timeout);
        _hasFailed = true;
        return Task.FromResult(new CommandResult(exitCode, "", $"{line}: made to fail"));
    }
}
