using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Install;

/// <summary>Verifies an installation with some of doctor's checks, once the programs that were just started
/// respond.</summary>
internal sealed class Verification(HostEnvironment environment, ConfigResult config, GatePlan plan)
{
    /// <summary>A program responds within a second or two of its start; a busy machine gets more.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <returns>The results of the checks that could run. A check that needs what another found missing has
    /// none.</returns>
    public async IAsyncEnumerable<CheckResult> RunAsync()
    {
        IPEndPoint? ollama = plan.Upstream.KnownAddresses is [var address, ..]
            ? new IPEndPoint(address, plan.Upstream.Port)
            : null;
        using ProbeAnnouncer announcer = new(environment.Probe, plan.MetricsSocket);
        DoctorContext context = new(environment, config, plan, new DoctorOptions(), ollama);
        if (ollama is not null)
            await WaitForAsync(ollama);
        foreach (ListenPoint point in context.GatePoints)
            await WaitForAsync(FoundGate.Dialable(point.EndPoint));
        await foreach (
            CheckStep step in new CheckRunner(context).RunAsync(
                CheckList.OfInstallation(context),
                CancellationToken.None
            )
        )
        {
            if (step.Report is { HasRun: true, Result: var result })
                yield return IsWaitingForAddress(context, step.Check)
                    ? result with
                    {
                        Outcome = CheckOutcome.Skip,
                    }
                    : result;
        }
    }

    /// <summary>The listener has no address yet, which is not a fault of the installation: FastGate waits for
    /// one.</summary>
    private static bool IsWaitingForAddress(DoctorContext context, DoctorCheck check) =>
        check.Listener is { } listener
        && context.Plan.Listeners[listener].Options.Address.Kind == ListenKind.Tailscale
        && !context.GatePoints.Any(point => point.Listener == listener);

    // An address that accepts connections is enough: what responds there is for the checks to find out.
    private async Task WaitForAsync(IPEndPoint endPoint)
    {
        long start = environment.Time.GetTimestamp();
        while (await IsRefusedAsync(endPoint) && environment.Time.GetElapsedTime(start) < StartTimeout)
            await Task.Delay(Pause, environment.Time);
    }

    private async Task<bool> IsRefusedAsync(IPEndPoint endPoint)
    {
        ProbeResponse response = await environment.Probe.SendRawAsync(
            ProbeTarget.At(endPoint),
            "GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            CancellationToken.None
        );
        return response.Problem == SocketErrorText.Refused;
    }
}
