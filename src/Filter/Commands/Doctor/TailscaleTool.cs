using FastGate.Host;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Doctor;

/// <summary>What <c>tailscale status</c> reports.</summary>
/// <param name="Status">The status; null if it could not be read.</param>
/// <param name="Problem">The reason when it could not be read.</param>
internal sealed record TailscaleReading(TailscaleStatus? Status, string Problem)
{
    /// <summary>Whether Tailscale is not installed and no daemon responds.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether the program reports that the daemon is not running.</summary>
    public bool IsDown { get; init; }

    /// <summary>Whether the program did not finish in time.</summary>
    public bool IsHanging { get; init; }
}

/// <summary>Runs Tailscale's own program, each command once: a failure is kept, and a program that hangs is not run
/// again.</summary>
internal sealed class TailscaleTool
{
    // The daemon responds within milliseconds. If it takes seconds even on a busy machine, it hangs.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly DoctorContext _context;
    private readonly Cached<TailscaleReading> _status;
    private readonly Cached<(ServeConfig? Config, string Problem)> _serve;

    public TailscaleTool(DoctorContext context)
    {
        _context = context;
        _status = new(ReadStatusAsync);
        _serve = new(ReadServeAsync);
    }

    public Task<TailscaleReading> StatusAsync(CheckProbe probe) => _status.GetAsync(probe);

    /// <summary>What Tailscale Serve and Funnel forward, or why that is unknown.</summary>
    public Task<(ServeConfig? Config, string Problem)> ServeAsync(CheckProbe probe) => _serve.GetAsync(probe);

    private async Task<TailscaleReading> ReadStatusAsync(CheckProbe probe)
    {
        if (_context.Fixes.TailscalePath is not { } program)
        {
            // The daemon may still be running, for example in a container.
            TailscaleStatus? status = await DaemonAsync(daemon => daemon.StatusAsync(probe.CancellationToken));
            return new TailscaleReading(status, status is null ? "Tailscale is not installed" : "")
            {
                IsMissing = status is null,
            };
        }
        CommandResult result = await probe.RunAsync(program, ["status", "--json", "--peers=false"], Timeout);
        if (TailscaleStatus.Parse(result.Output) is { } printed)
            return new TailscaleReading(printed, "");
        bool isHanging = result.ExitCode == CommandResult.TimedOut;
        return new TailscaleReading(
            isHanging ? null : await DaemonAsync(daemon => daemon.StatusAsync(probe.CancellationToken)),
            ProblemOf("tailscale status", result)
        )
        {
            IsHanging = isHanging,
            IsDown = !isHanging && result.ExitCode != 0,
        };
    }

    private async Task<(ServeConfig? Config, string Problem)> ReadServeAsync(CheckProbe probe)
    {
        if (_context.Fixes.TailscalePath is not { } program)
            return (
                await DaemonAsync(daemon => daemon.ServeAsync(probe.CancellationToken)),
                "the tailscale program is not installed"
            );
        // The shorter command first: a program that hangs there hangs here as well.
        if (await StatusAsync(probe) is { IsHanging: true } status)
            return (null, status.Problem);
        CommandResult result = await probe.RunAsync(program, ["serve", "status", "--json"], Timeout);
        if (result.Succeeded && ServeConfig.Parse(result.Output) is { } config)
            return (config, "");
        return (
            result.ExitCode == CommandResult.TimedOut
                ? null
                : await DaemonAsync(daemon => daemon.ServeAsync(probe.CancellationToken)),
            ProblemOf("tailscale serve status", result)
        );
    }

    /// <summary>Asks the daemon without the program; the daemon's client has a time limit of its own.</summary>
    private async Task<T?> DaemonAsync<T>(Func<TailscaleDaemon, Task<T?>> readAsync)
        where T : class =>
        _context.Host.Machine.IsMac == OperatingSystem.IsMacOS() ? await readAsync(TailscaleDaemon.Default) : null;

    private static string ProblemOf(string command, CommandResult result) =>
        result.Succeeded && result.Description.Length > 0
            ? $"{command} prints no JSON: {ResponseText.OneLine(result.Description, 120)}"
            : $"{command}: {ResponseText.OneLine(result.Description, 120)}";
}
