namespace FastGate.Launchd;

/// <summary>launchd's own tool, for the agents of one user in their login session.</summary>
public sealed class Launchctl(ICommandRunner runner, uint userId)
{
    // bootout waits for the program to end, and FastGate takes up to its drain time.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);

    public string BootoutLine(AgentLabel label) => $"launchctl bootout {label.ServiceTarget(userId)}";

    public string BootstrapLine(string propertyListPath) =>
        $"launchctl bootstrap {AgentLabel.DomainTarget(userId)} {propertyListPath}";

    public string KickstartLine(AgentLabel label) => $"launchctl kickstart {label.ServiceTarget(userId)}";

    public string PrintLine(AgentLabel label) => $"launchctl print {label.ServiceTarget(userId)}";

    public Task<CommandResult> BootoutAsync(AgentLabel label) => RunAsync("bootout", label.ServiceTarget(userId));

    public Task<CommandResult> BootstrapAsync(string propertyListPath) =>
        RunAsync("bootstrap", AgentLabel.DomainTarget(userId), propertyListPath);

    public Task<CommandResult> KickstartAsync(AgentLabel label) => RunAsync("kickstart", label.ServiceTarget(userId));

    public Task<CommandResult> EnableAsync(AgentLabel label) => RunAsync("enable", label.ServiceTarget(userId));

    /// <summary>Looks only. The state is null when the label is not loaded, or when launchctl did not say.</summary>
    /// <param name="label">The agent or daemon.</param>
    /// <param name="ofSystem">A daemon of the system, rather than an agent of the user.</param>
    public async Task<(AgentState? State, CommandResult Result)> PrintAsync(AgentLabel label, bool ofSystem = false)
    {
        CommandResult result = await RunAsync("print", ofSystem ? $"system/{label}" : label.ServiceTarget(userId));
        return (result.Succeeded ? AgentState.Parse(result.Output) : null, result);
    }

    /// <summary>A variable of the login session, which programs started from the Dock see; null if it is not
    /// set.</summary>
    public async Task<string?> SessionVariableAsync(string name)
    {
        CommandResult result = await RunAsync("getenv", name);
        string value = result.Output.Trim();
        return result.Succeeded && value.Length > 0 ? value : null;
    }

    private Task<CommandResult> RunAsync(params string[] arguments) => runner.RunAsync("launchctl", arguments, Longest);
}
