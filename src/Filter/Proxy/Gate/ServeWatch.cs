using System.Net;
using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Looks whether Tailscale Serve gets past the gate: it takes what peers send to a port before any socket of this
/// machine sees it, so that a bound address alone says nothing. One look at a time, off the loop; <see cref="Present"/>
/// from any thread.
/// </summary>
/// <param name="tailscale">Whom to ask.</param>
/// <param name="upstream">Where Ollama is: an entry that leads there passes no allowlist.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where each change is logged, once.</param>
internal sealed partial class ServeWatch(TailscaleDaemon tailscale, IPEndPoint upstream, TimeProvider time, ILogger log)
{
    /// <summary>How long an entry goes unseen. A look costs half a millisecond and a connection to the
    /// daemon.</summary>
    internal static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    private volatile Bypass[] _present = [];
    private long? _lookedAt;

    /// <summary>What gets past the gate now, as far as the daemon says.</summary>
    public IReadOnlyList<Bypass> Present => _present;

    /// <summary>Costs nothing when the gate listens on no Tailscale address, and little when nothing changed a moment
    /// ago.</summary>
    /// <param name="wanted">What the gate is bound to, or ought to be.</param>
    /// <param name="interfaces">The machine's addresses.</param>
    /// <param name="isNews">What is bound has changed: look at once.</param>
    /// <param name="cancellationToken">Ends the wait for the daemon.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task CheckAsync(
        IReadOnlyList<ListenPoint> wanted,
        IReadOnlyList<InterfaceAddress> interfaces,
        bool isNews,
        CancellationToken cancellationToken = default
    )
    {
        HashSet<int> ports = PortsOnTailscale(wanted, interfaces);
        if (ports.Count == 0)
        {
            Show([]);
            return;
        }
        if (!isNews && _lookedAt is { } last && time.GetElapsedTime(last) < Between)
            return;
        _lookedAt = time.GetTimestamp();
        // A daemon that does not answer has turned nothing off: what was known stays.
        if (await tailscale.ServeAsync(cancellationToken) is not { } config)
            return;
        string tool = tailscale.Tool;
        Show([.. config.Entries.Select(entry => BypassOf(entry, ports, interfaces, tool)).OfType<Bypass>()]);
    }

    /// <summary>The entry that has an address and port; null if none is known.</summary>
    public Bypass? Holding(IPEndPoint endPoint) =>
        AddressRanges.Contain(TailscaleAddresses.Ranges, endPoint.Address)
            ? Array.Find(_present, bypass => bypass.Taken == endPoint.Port)
            : null;

    private static HashSet<int> PortsOnTailscale(
        IReadOnlyList<ListenPoint> wanted,
        IReadOnlyList<InterfaceAddress> interfaces
    )
    {
        IReadOnlyList<IPAddress> own = TailscaleAddresses.Find(interfaces);
        return own.Count == 0
            ? []
            :
            [
                .. wanted
                    .Select(point => point.EndPoint)
                    .Where(each => own.Contains(each.Address) || IsEvery(each.Address))
                    .Select(each => each.Port),
            ];
    }

    private static bool IsEvery(IPAddress address) =>
        address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private Bypass? BypassOf(
        ServeEntry entry,
        HashSet<int> ports,
        IReadOnlyList<InterfaceAddress> interfaces,
        string tool
    )
    {
        // A service has addresses of its own, which are not the gate's.
        if (entry.Service is null && ports.Contains(entry.Port))
            return new Bypass(entry, entry.Port, entry.Off(tool));
        return ServeTarget.Parse(entry.Target) is { } target && LeadsToOllama(target, ports, interfaces)
            ? new Bypass(entry, null, entry.Off(tool))
            : null;
    }

    private bool LeadsToOllama(ServeTarget target, HashSet<int> ports, IReadOnlyList<InterfaceAddress> interfaces)
    {
        if (target.Port != upstream.Port)
            return false;
        bool isAddress = IPAddress.TryParse(target.Host, out IPAddress? address);
        if (!ServeTarget.IsHere(upstream.Address, interfaces))
            return isAddress && upstream.Address.Equals(address);
        // On Ollama's usual port the gate has the Tailscale addresses, and Ollama loopback: what leads to the gate is
        // judged by it.
        bool isGate =
            isAddress && ports.Contains(target.Port) && TailscaleAddresses.Find(interfaces).Contains(address!);
        return !isGate && target.IsHere(interfaces);
    }

    private void Show(Bypass[] next)
    {
        Bypass[] before = _present;
        _present = next;
        foreach (Bypass bypass in next.Except(before))
        {
            if (bypass.Taken is { } port)
                Log.Taken(log, port, bypass.Target, bypass.Entry.Description, bypass.Off);
            else
                Log.Past(log, bypass.Entry.Description, bypass.Target, bypass.Off);
        }
        foreach (Bypass bypass in before.Except(next))
            Log.Ended(log, bypass.Entry.Description);
    }

    private static partial class Log
    {
        [LoggerMessage(
            360,
            LogLevel.Warning,
            "Tailscale takes all connections from the tailnet to port {Port} before they reach the gate "
                + "and forwards them to {Target}: the allowlist "
                + "does not apply to them. This was set with \"{Entry}\"; to turn it off: {Off}."
        )]
        public static partial void Taken(ILogger logger, int port, string target, string entry, string off);

        [LoggerMessage(
            361,
            LogLevel.Warning,
            "\"{Entry}\" forwards connections to Ollama at {Target}, past the gate: the allowlist does "
                + "not apply to them. To turn it off: {Off}."
        )]
        public static partial void Past(ILogger logger, string entry, string target, string off);

        [LoggerMessage(362, LogLevel.Information, "\"{Entry}\" no longer bypasses the gate.")]
        public static partial void Ended(ILogger logger, string entry);
    }
}
