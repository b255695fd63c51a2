using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Host;

/// <summary>Finds Tailscale's command-line program.</summary>
internal static class TailscaleProgram
{
    // The macOS app contains the program, which is on the search path only if the user has installed it there.
    private const string PathInApp = "/Applications/Tailscale.app/Contents/MacOS/Tailscale";

    // The daemon responds within milliseconds; one that hangs must not hold up the caller.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Creates a runner of programs that can also run the one in the macOS app, which opens the app's window
    /// unless this variable is set.</summary>
    public static CommandRunner CreateRunner(string searchPath) =>
        new(searchPath, new Dictionary<string, string> { ["TAILSCALE_BE_CLI"] = "1" });

    /// <returns>The absolute path; null if Tailscale is not installed.</returns>
    public static string? Find(ICommandRunner runner) => runner.Find("tailscale") ?? runner.Find(PathInApp);

    /// <summary>Reads the status from the program, or else from the daemon.</summary>
    /// <returns>Null if neither responds in time.</returns>
    public static async Task<TailscaleStatus?> StatusAsync(ICommandRunner runner)
    {
        if (Find(runner) is { } program)
        {
            CommandResult result = await runner.RunAsync(program, ["status", "--json", "--peers=false"], Timeout);
            if (TailscaleStatus.Parse(result.Output) is { } status)
                return status;
        }
        return await TailscaleDaemon.Default.StatusAsync(CancellationToken.None);
    }
}
