using System.Net;
using FastGate.Host;
using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Run;

/// <summary>
/// Warns when Ollama is reachable at another address of this machine while a gate is running. On macOS a socket on one
/// address and one on every address can silently share a port (SO_REUSEADDR); on any system Ollama may listen on an
/// address of its own.
/// </summary>
/// <param name="upstream">Where the gate expects Ollama; nothing is checked when that is another machine.</param>
/// <param name="endPoints">Returns the addresses that the gate is bound to.</param>
/// <param name="interfaces">Reads the machine's interfaces.</param>
/// <param name="probe">Sends the HTTP requests.</param>
/// <param name="log">Receives one warning for each address found.</param>
internal sealed partial class OpenOllamaWatch(
    IPEndPoint upstream,
    Func<IReadOnlyList<IPEndPoint>> endPoints,
    Func<IReadOnlyList<InterfaceAddress>> interfaces,
    IProbe probe,
    ILogger log
)
{
    // After a login Ollama may start later than the gate. A check costs one refused connection for each address.
    private static readonly TimeSpan FirstInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private IPEndPoint? _warned;

    /// <summary>Checks until canceled; returns at once when Ollama is on another machine.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IPAddress.IsLoopback(upstream.Address))
            return;
        try
        {
            for (TimeSpan pause = FirstInterval; ; pause = Interval)
            {
                try
                {
                    await CheckAsync().WaitAsync(cancellationToken);
                }
                catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
                {
                    // Without a descriptor the runtime cannot even load what a probe needs. The gate must still drain.
                    Log.Failed(log, exception.Message);
                }
                await Task.Delay(pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gate is stopping.
        }
    }

    /// <summary>Probes Ollama's port and the gate's ports on the machine's other addresses, once.</summary>
    internal async Task CheckAsync()
    {
        IReadOnlyList<IPEndPoint> gates = endPoints();
        // A gate on every address would find itself.
        if (gates.Any(gate => AddressRanges.IsUnspecified(gate.Address)))
            return;
        IReadOnlyList<InterfaceAddress> present;
        try
        {
            present = interfaces();
        }
        catch (Exception exception)
            when (exception is System.Net.NetworkInformation.NetworkInformationException or IOException)
        {
            // The listeners log it; the next check may succeed.
            return;
        }
        int[] ports = [.. gates.Select(gate => gate.Port).Append(upstream.Port).Distinct()];
        IPEndPoint? open = await ExposedUpstream.FindAsync(
            ports.SelectMany(port => ExposedUpstream.Others(present, port, [.. gates])),
            IdentifyAsync,
            Responder.Ollama
        );
        if (open is not null && !open.Equals(_warned))
            Log.Open(log, open, upstream);
        _warned = open;
    }

    private async Task<Responder> IdentifyAsync(IPEndPoint endPoint) =>
        (
            await Identity.FindAsync(bytes =>
                probe.SendRawAsync(ProbeTarget.At(endPoint), bytes, CancellationToken.None)
            )
        ).Responder;

    private static partial class Log
    {
        [LoggerMessage(
            530,
            LogLevel.Warning,
            "Ollama is also reachable at {Open}, bypassing this gate: the allowlist does not apply there. "
                + "Restart Ollama with OLLAMA_HOST={Upstream}, then run: fastgate doctor."
        )]
        public static partial void Open(ILogger logger, IPEndPoint open, IPEndPoint upstream);

        [LoggerMessage(531, LogLevel.Warning, "Checking whether Ollama is reachable past this gate failed: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
