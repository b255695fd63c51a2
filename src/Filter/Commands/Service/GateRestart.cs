using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Service;

/// <summary>Restarts the gate's service while a <see cref="StandInGate"/> serves its clients. Nothing is stopped
/// until the config has proved valid.</summary>
internal sealed class GateRestart(HostEnvironment host, Terminal terminal)
{
    private static readonly TimeSpan NoticeDelay = TimeSpan.FromSeconds(3);

    /// <param name="restart">Restarts the service.</param>
    /// <param name="wasRunning">Whether it runs now.</param>
    /// <returns>The problem, if the service was not restarted or its gate does not serve.</returns>
    public async Task<StepResult> RunAsync(Func<Task<StepResult>> restart, bool wasRunning)
    {
        InstallPaths paths = new(host);
        ConfigResult config = ConfigLoader.Load(
            new ConfigPath(paths.Config, IsExplicit: false),
            new GateFile(),
            host.Machine
        );
        if (config.Plan is null)
        {
            ProblemList.Write(terminal.Error, config);
            return StepResult.Failed(
                "the config is invalid, so the gate was not restarted and keeps its current rules"
            );
        }
        (StandInGate? standIn, string problem) = await StandInGate.TryStartAsync(host);
        if (standIn is null)
        {
            StepResult restarted = await restart();
            return restarted.Succeeded && wasRunning
                ? StepResult.DoneAs($"New connections were refused meanwhile, because {problem}.")
                : restarted;
        }
        await using (standIn)
            return await RunAsync(standIn, restart);
    }

    private async Task<StepResult> RunAsync(StandInGate standIn, Func<Task<StepResult>> restart)
    {
        // The first Ctrl-C ends a wait; the second one ends the program.
        using StopSignals signals = new();
        await AwaitAsync(
            standIn.WaitForOldAsync,
            "Waiting for responses in flight; this command serves new requests meanwhile. Ctrl-C restarts at once.",
            signals.Token
        );
        StepResult restarted = await restart();
        if (!restarted.Succeeded)
            return restarted;
        if (!await standIn.WaitForNextAsync())
            return StepResult.Failed(
                "the new gate did not take over the connections, so new ones may be refused now: see fastgate status"
            );
        await AwaitAsync(
            standIn.WaitUntilDrainedAsync,
            "The new gate serves. Waiting for responses that began before. Ctrl-C ends them.",
            signals.Token
        );
        return StepResult.Done;
    }

    private async Task AwaitAsync(
        Func<CancellationToken, Task> wait,
        string notice,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(StandInGate.InFlightMax);
        Task waiting = wait(late.Token);
        if (
            await Task.WhenAny(waiting, Task.Delay(NoticeDelay, cancellationToken)) != waiting
            && !late.IsCancellationRequested
        )
            terminal.Paragraph(Terminal.Plain(notice));
        await waiting;
    }
}
