using FastGate.Launchd;

namespace FastGate.Test.Commands.Install;

/// <summary>Passes commands on, but the first that begins with some words fails without being run.</summary>
internal sealed class FailingOnce(ICommandRunner inner, string command, int exitCode) : ICommandRunner
{
    private bool _hasFailed;

    public string? Find(string program) => inner.Find(program);

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        string line = $"{program} {string.Join(' ', arguments)}";
        if (_hasFailed || !line.StartsWith(command, StringComparison.Ordinal))
            return inner.RunAsync(program, arguments, longest);
        _hasFailed = true;
        return Task.FromResult(new CommandResult(exitCode, "", $"{line}: made to fail"));
    }
}
