using System.Collections.Concurrent;
using System.Net;
using FastGate.Host;
using FastGate.Proxy.Admin;

namespace FastGate.Commands.Shared;

/// <summary>
/// Announces the connections of a probe to the gate of this user, which then keeps their requests apart from those of
/// clients. A gate that cannot be reached is tested without this. Any thread may call it.
/// </summary>
internal sealed class ProbeAnnouncer : IDisposable
{
    private readonly IProbe _probe;
    private readonly AdminClient? _gate;
    private readonly ConcurrentDictionary<IPEndPoint, bool> _others = [];

    /// <param name="probe">Sends the requests.</param>
    /// <param name="socket">The gate's metrics socket; null if it has none.</param>
    public ProbeAnnouncer(IProbe probe, string? socket)
    {
        _probe = probe;
        _gate = socket is null ? null : new AdminClient(socket);
        if (_gate is not null)
            probe.Connected = AnnounceAsync;
    }

    public void Dispose()
    {
        _probe.Connected = null;
        _gate?.Dispose();
    }

    private async Task AnnounceAsync(IPEndPoint local, IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (_others.ContainsKey(remote))
            return;
        // Ollama itself, or a gate that does not respond: asking again would only delay each request.
        if (await _gate!.AnnounceProbeAsync(local, remote, cancellationToken) is ProbeAnnouncement.Rejected)
            _others.TryAdd(remote, true);
    }
}
