using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Steps that keep clients served while an upgrade restarts the gate. If the run fails, the stand-in serves
/// until the earlier program runs again.</summary>
internal sealed class StandInSteps(HostEnvironment environment) : IAsyncDisposable
{
    private StandInGate? _gate;

    /// <summary>Whether a gate runs that offers its sockets; without one, the steps are not needed.</summary>
    public bool CanBegin => StandInGate.CanStart(environment);

    /// <summary>Serves clients from this process, once responses in flight have ended.</summary>
    /// <param name="isNew">Whether the gate is about to be restarted.</param>
    public Step Begin(Func<bool> isNew) =>
        new(
            "serve clients from here while the gate restarts, only if changed",
            [],
            () => Task.FromResult(!isNew()),
            async () =>
            {
                (_gate, string problem) = await StandInGate.TryStartAsync(environment);
                if (_gate is null)
                    return StepResult.DoneAs($"not possible, because {problem}: new connections are refused meanwhile");
                environment.Progress("waiting for responses in flight");
                using CancellationTokenSource late = new(StandInGate.InFlightMax);
                await _gate.WaitForOldAsync(late.Token);
                return StepResult.Done;
            }
        );

    /// <summary>Hands the clients to the gate that was just started.</summary>
    public Step End() =>
        new(
            "hand the clients to the new gate, only if changed",
            [],
            () => Task.FromResult(_gate is null),
            async () =>
                await _gate!.WaitForNextAsync()
                    ? StepResult.Done
                    : StepResult.Failed("the new gate did not take over the connections within 30 s")
        );

    /// <summary>Ends the stand-in: after its responses if another gate accepts, at the latest after the drain
    /// time.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_gate is not { } gate)
            return;
        _gate = null;
        // After a failure, the earlier gate was started again.
        if (await gate.WaitForNextAsync())
        {
            using CancellationTokenSource late = new(StandInGate.InFlightMax);
            await gate.WaitUntilDrainedAsync(late.Token);
        }
        await gate.DisposeAsync();
    }
}
