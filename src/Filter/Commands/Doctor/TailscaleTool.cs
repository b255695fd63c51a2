using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Asks Tailscale's own program, each question once an examination: an answer that did not come is not asked for again,
/// and a program that hangs is asked nothing more.
/// </summary>
internal sealed class TailscaleTool(DoctorContext patient)
{
    // Seconds even on a busy machine mean that the daemon hangs: it answers in milliseconds.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private (TailscaleStatus? Status, string Problem)? _status;
    private (ServeConfig? Config, string Problem)? _serve;
    private bool _isHanging;

    /// <summary>Tailscale is not installed here, nor does its daemon answer.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>The program itself says that there is no daemon, or else it is not known why it does not
    /// answer.</summary>
    public bool IsDown { get; private set; }

    /// <summary>The status, or why there is none.</summary>
    public async Task<(TailscaleStatus? Status, string Problem)> StatusAsync(CheckContext visit) =>
        _status ??= await ReadStatusAsync(visit);

    /// <summary>What Tailscale Serve and Funnel forward, or why that is not known.</summary>
    public async Task<(ServeConfig? Config, string Problem)> ServeAsync(CheckContext visit) =>
        _serve ??= await ReadServeAsync(visit);

    private async Task<(TailscaleStatus? Status, string Problem)> ReadStatusAsync(CheckContext visit)
    {
        if (patient.Remedies.TailscaleProgram is not { } program)
        {
            // Its daemon may run all the same, such as in a container.
            TailscaleStatus? said = await DaemonAsync(daemon => daemon.StatusAsync(visit.Stop));
            IsMissing = said is null;
            return (said, IsMissing ? "Tailscale is not installed" : "");
        }
        CommandResult result = await RunAsync(visit, program, "status", "--json", "--peers=false");
        if (TailscaleStatus.Parse(result.Output) is { } answer)
            return (answer, "");
        IsDown = result.ExitCode is not (0 or CommandResult.TimedOut);
        return (await DaemonAsync(daemon => daemon.StatusAsync(visit.Stop)), ProblemOf("tailscale status", result));
    }

    private async Task<(ServeConfig? Config, string Problem)> ReadServeAsync(CheckContext visit)
    {
        if (patient.Remedies.TailscaleProgram is not { } program)
            return (
                await DaemonAsync(daemon => daemon.ServeAsync(visit.Stop)),
                "the program tailscale is not installed"
            );
        // First the shorter question: a program that could not answer it cannot answer this one either.
        await StatusAsync(visit);
        if (_isHanging)
            return (null, _status!.Value.Problem);
        CommandResult result = await RunAsync(visit, program, "serve", "status", "--json");
        if (result.Succeeded && ServeConfig.Parse(result.Output) is { } answer)
            return (answer, "");
        return (
            await DaemonAsync(daemon => daemon.ServeAsync(visit.Stop)),
            ProblemOf("tailscale serve status", result)
        );
    }

    private async Task<CommandResult> RunAsync(CheckContext visit, string program, params string[] arguments)
    {
        CommandResult result = await visit.RunAsync(program, arguments, Longest);
        _isHanging |= result.ExitCode == CommandResult.TimedOut;
        return result;
    }

    /// <summary>Past the program; a hanging daemon is bounded by its own limit.</summary>
    private async Task<T?> DaemonAsync<T>(Func<TailscaleDaemon, Task<T?>> ask)
        where T : class =>
        _isHanging || patient.Site.Machine.IsMac != OperatingSystem.IsMacOS() ? null : await ask(TailscaleDaemon.Usual);

    private static string ProblemOf(string question, CommandResult result) =>
        result.Succeeded && result.Description.Length > 0
            ? $"{question} gives no JSON: {Texts.OneLine(result.Description, 120)}"
            : $"{question}: {Texts.OneLine(result.Description, 120)}";
}
