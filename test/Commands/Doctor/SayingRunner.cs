using FastGate.Launchd;

namespace FastGate.Test.Commands.Doctor;

/// <summary>A system whose only program is tailscale, which says what a test wants; what it was asked is
/// kept.</summary>
internal sealed class SayingRunner(Func<string, CommandResult> say) : ICommandRunner
{
    public List<string> Asked { get; } = [];

    public string? Find(string program) => program == "tailscale" ? "/usr/bin/tailscale" : null;

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        string words = string.Join(' ', arguments);
        Asked.Add(words);
        return Task.FromResult(say(words));
    }
}
