using FastGate.Launchd;

namespace FastGate.Test.Commands.Logs;

/// <summary>Counts runs without running anything.</summary>
internal sealed class CountingRunner : ICommandRunner
{
    public int Runs { get; private set; }

    public string? Find(string program) => program;

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        Runs++;
        return Task.FromResult(new CommandResult(1, "", ""));
    }
}
