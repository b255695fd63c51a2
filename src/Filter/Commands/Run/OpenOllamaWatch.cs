using System.Net;
using FastGate.Host;
using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Run;

/// <summary>
/// Warns when Ollama answers at another address of this machine beside a running gate. On macOS a socket on one address
/// and one on every address share a port without a word (SO_REUSEADDR); on any system Ollama may have an address of its
/// own.
/// </summary>
/// <param name="upstream">Where the gate expects Ollama; one on another machine is not looked for.</param>
/// <param name="endPoints">What the gate is bound to.</param>
/// <param name="interfaces">Reads the machine's interfaces.</param>
/// <param name="probe">Asks.</param>
/// <param name="log">Where it is said, once.</param>
internal sealed partial class OpenOllamaWatch(
    IPEndPoint upstream,
    Func<IReadOnlyList<IPEndPoint>> endPoints,
    Func<IReadOnlyList<InterfaceAddress>> interfaces,
    IProbe probe,
    ILogger log
)
{
    // After a login Ollama may come later than the gate. A look is a refused connection for each address.
    private static readonly TimeSpan Second = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(10);

    private IPEndPoint? _warned;

    /// <summary>Ends when it is canceled; at once when there is nothing to look for.</summary>
    public async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IPAddress.IsLoopback(upstream.Address))
            return;
        try
        {
            for (TimeSpan pause = Second; ; pause = Between)
            {
                await CheckAsync().WaitAsync(cancellationToken);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gate stops.
        }
    }

    /// <summary>One look: at Ollama's port and at the gate's.</summary>
    internal async Task CheckAsync()
    {
        IReadOnlyList<IPEndPoint> gates = endPoints();
        // On every address the gate itself answers there.
        if (gates.Any(each => each.Address.Equals(IPAddress.Any) || each.Address.Equals(IPAddress.IPv6Any)))
            return;
        IReadOnlyList<InterfaceAddress> present;
        try
        {
            present = interfaces();
        }
        catch (Exception unreadable)
            when (unreadable is System.Net.NetworkInformation.NetworkInformationException or IOException)
        {
            // The listeners say so; the next look may be better.
            return;
        }
        int[] ports = [.. gates.Select(each => each.Port).Append(upstream.Port).Distinct()];
        IPEndPoint? open = await PastTheGate.FindAsync(
            ports.SelectMany(port => PastTheGate.Others(present, port, [.. gates])),
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
            "Ollama also answers at {Open}, past this gate: whoever reaches that address is not held to the allowlist. "
                + "Start Ollama with OLLAMA_HOST={Upstream}, and run: fastgate doctor."
        )]
        public static partial void Open(ILogger logger, IPEndPoint open, IPEndPoint upstream);
    }
}
