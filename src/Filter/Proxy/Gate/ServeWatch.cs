using System.Net;
using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Watches whether Tailscale Serve bypasses the gate: it takes what peers send to a port before any socket of this
/// machine does, so a bound address alone proves nothing. One check at a time, off the loop; any thread may read
/// <see cref="Bypasses"/>.
/// </summary>
/// <param name="tailscale">Reports what Serve forwards.</param>
/// <param name="upstream">Where Ollama is: an entry that leads there bypasses the allowlist.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Receives one line for each change.</param>
internal sealed partial class ServeWatch(TailscaleDaemon tailscale, IPEndPoint upstream, TimeProvider time, ILogger log)
{
    /// <summary>The maximum time until an entry is noticed. A check costs half a millisecond and a connection to the
    /// daemon.</summary>
    internal static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private volatile Bypass[] _bypasses = [];
    private long? _checkedAt;

    /// <summary>What bypasses the gate now, according to the daemon.</summary>
    public IReadOnlyList<Bypass> Bypasses => _bypasses;

    /// <summary>Costs nothing if the gate listens on no Tailscale address, and little if nothing has changed
    /// recently.</summary>
    /// <param name="wanted">What the gate is bound to, or should be.</param>
    /// <param name="interfaces">The machine's addresses.</param>
    /// <param name="haveAddressesChanged">Whether the bound addresses have changed: check now.</param>
    /// <param name="cancellationToken">Ends the wait for the daemon.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public async Task CheckAsync(
        IReadOnlyList<ListenPoint> wanted,
        IReadOnlyList<InterfaceAddress> interfaces,
        bool haveAddressesChanged,
        CancellationToken cancellationToken = default
    )
    {
        HashSet<int> ports = PortsOnTailscale(wanted, interfaces);
        if (ports.Count == 0)
        {
            Show([]);
            return;
        }
        if (!haveAddressesChanged && _checkedAt is { } last && time.GetElapsedTime(last) < CheckInterval)
            return;
        _checkedAt = time.GetTimestamp();
        // A daemon that does not respond has turned nothing off: what is known stays.
        if (await tailscale.ServeAsync(cancellationToken) is not { } config)
            return;
        string tool = tailscale.Tool;
        Show([.. config.Entries.Select(entry => BypassOf(entry, ports, interfaces, tool)).OfType<Bypass>()]);
    }

    /// <summary>The entry that occupies an address and port; null if none is known.</summary>
    public Bypass? FindAt(IPEndPoint endPoint) =>
        AddressRanges.Contain(TailscaleAddresses.Ranges, endPoint.Address)
            ? Array.Find(_bypasses, bypass => bypass.Taken == endPoint.Port)
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
                    .Where(endPoint => own.Contains(endPoint.Address) || AddressRanges.IsUnspecified(endPoint.Address))
                    .Select(endPoint => endPoint.Port),
            ];
    }

    private Bypass? BypassOf(
        ServeEntry entry,
        HashSet<int> ports,
        IReadOnlyList<InterfaceAddress> interfaces,
        string tool
    )
    {
        // A service has addresses of its own, which are not the gate's.
        if (entry.Service is null && ports.Contains(entry.Port))
            return new Bypass(entry, entry.Port, entry.DisableCommand(tool));
        return ServeTarget.Parse(entry.Target) is { } target && LeadsToOllama(target, ports, interfaces)
            ? new Bypass(entry, null, entry.DisableCommand(tool))
            : null;
    }

    private bool LeadsToOllama(ServeTarget target, HashSet<int> ports, IReadOnlyList<InterfaceAddress> interfaces)
    {
        if (target.Port != upstream.Port)
            return false;
        bool isAddress = IPAddress.TryParse(target.Host, out IPAddress? address);
        if (!ServeTarget.IsHere(upstream.Address, interfaces))
            return isAddress && upstream.Address.Equals(address);
        // On Ollama's default port the gate has the Tailscale addresses, and Ollama has loopback: what leads to the
        // gate passes through it.
        bool isGate =
            isAddress && ports.Contains(target.Port) && TailscaleAddresses.Find(interfaces).Contains(address!);
        return !isGate && target.IsHere(interfaces);
    }

    private void Show(Bypass[] next)
    {
        Bypass[] before = _bypasses;
        _bypasses = next;
        foreach (Bypass bypass in next.Except(before))
        {
            if (bypass.Taken is { } port)
                Log.Taken(log, port, bypass.Target, bypass.Entry.Description, bypass.DisableCommand);
            else
                Log.Past(log, bypass.Entry.Description, bypass.Target, bypass.DisableCommand);
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
                + "and forwards them to {Target}: the allowlist does not apply to them. "
                + "This was set with \"{Entry}\"; to turn it off: {Off}."
        )]
        public static partial void Taken(ILogger logger, int port, string target, string entry, string off);

        [LoggerMessage(
            361,
            LogLevel.Warning,
            "\"{Entry}\" forwards connections to Ollama at {Target}, bypassing the gate: the allowlist does "
                + "not apply to them. To turn it off: {Off}."
        )]
        public static partial void Past(ILogger logger, string entry, string target, string off);

        [LoggerMessage(362, LogLevel.Information, "\"{Entry}\" no longer bypasses the gate.")]
        public static partial void Ended(ILogger logger, string entry);
    }
}

/// <summary>An entry of Tailscale Serve by which peers bypass the gate.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Taken">The gate's port whose connections it takes; null if it leads to Ollama from another
/// port.</param>
/// <param name="DisableCommand">The command that turns it off.</param>
internal sealed record Bypass(ServeEntry Entry, int? Taken, string DisableCommand)
{
    /// <summary>Where it forwards to, for people.</summary>
    public string Target => Entry.Target.Length > 0 ? Entry.Target : "a page of its own";
}
