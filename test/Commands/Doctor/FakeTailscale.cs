using FastGate.Launchd;

namespace FastGate.Test.Commands.Doctor;

/// <summary>A system whose only program is tailscale, with the output that a test sets. Records each call.</summary>
internal sealed class FakeTailscale(Func<string, CommandResult> run) : ICommandRunner
{
    public List<string> Calls { get; } = [];

    public string? Find(string program) => program == "tailscale" ? "/usr/bin/tailscale" : null;

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        string words = string.Join(' ', arguments);
        Calls.Add(words);
        return Task.FromResult(run(words));
    }
}
