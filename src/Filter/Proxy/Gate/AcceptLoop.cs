using System.Net;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Accepts the connections of one bound address: hands those that may enter to a worker, and closes the others.
/// Belongs to the accepting loop's thread.
/// </summary>
internal sealed partial class AcceptLoop
{
    private readonly Acceptor _acceptor;
    private readonly Admission _admission;
    private readonly WorkerRing _workers;
    private readonly PolicySlot _policies;
    private readonly Loop _loop;
    private readonly GateLimits _limits;
    private readonly PeerNotices _notices;
    private readonly ILogger _log;
    private bool _isClosed;

    public AcceptLoop(
        Acceptor acceptor,
        Loop loop,
        Admission admission,
        WorkerRing workers,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from,
        GateLimits limits,
        ILogger log
    )
    {
        _acceptor = acceptor;
        _loop = loop;
        _admission = admission;
        _workers = workers;
        _policies = policies;
        From = from;
        _limits = limits;
        _notices = new PeerNotices(loop);
        _log = log;
    }

    /// <summary>The peers that may connect; connections that are open stay open.</summary>
    public IReadOnlyList<AddressRange> From { get; set; }

    /// <summary>Connections that were closed because their peer may not connect, or has too many.</summary>
    public long TurnedAway { get; private set; }

    /// <summary>Accepts until the acceptor is closed.</summary>
    public async Task RunAsync()
    {
        while (await _acceptor.AcceptAsync() is { } socket)
        {
            if (!MayEnter(socket))
                continue;
            // One connection waits here, the others in the backlog. Each connection that ends makes room, or makes its
            // peer's share smaller.
            while (_admission.IsFull && !_isClosed)
                await _admission.MakeRoomAsync();
            if (_isClosed)
                socket.Dispose();
            else if (MayEnter(socket))
                LetIn(_workers.Next(), socket, socket.Peer!);
        }
    }

    public void Close()
    {
        _isClosed = true;
        _acceptor.Close();
    }

    /// <returns>False when the connection was closed.</returns>
    private bool MayEnter(Descriptor socket)
    {
        // The peer has already disconnected.
        if (socket.Peer is not { } peer)
            socket.Dispose();
        else if (!AddressRanges.Contain(From, peer))
            TurnOutsiderAway(socket, peer);
        else if (_admission.IsExcess(peer))
            TurnExcessAway(socket, peer);
        else
            return true;
        return false;
    }

    private void LetIn(Worker worker, Descriptor socket, IPAddress address)
    {
        AdmittedPeer peer = new(_admission, _policies.Connections, _loop, worker, address);
        _admission.Enter(peer);
        _policies.Connections.Begin();
        if (worker.Loop == _loop)
            _ = worker.ServeAsync(socket, _policies, peer);
        else
            Send(worker, socket, peer);
    }

    // A method of its own, because the delegate's captures are allocated at the start of the method.
    private void Send(Worker worker, Descriptor socket, AdmittedPeer peer) =>
        worker.Loop.Post(() => _ = worker.ServeAsync(socket, _policies, peer));

    private void TurnOutsiderAway(Descriptor socket, IPAddress peer)
    {
        _policies.Connections.TurnOutsiderAway();
        TurnAway(socket, peer, "its address is not in \"from\"");
    }

    private void TurnExcessAway(Descriptor socket, IPAddress peer)
    {
        _policies.Connections.TurnExcessAway();
        TurnAway(socket, peer, $"it has {_limits.ConnectionsPerPeerMax} already (\"limits.connectionsPerPeerMax\")");
    }

    private void TurnAway(Descriptor socket, IPAddress peer, string why)
    {
        socket.Dispose();
        TurnedAway++;
        if (_notices.IsDue(peer))
            Log.TurnedAway(_log, peer, why, TurnedAway);
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Warning, "A connection from {Peer} was closed: {Why} ({Count} so far).")]
        public static partial void TurnedAway(ILogger logger, IPAddress peer, string why, long count);
    }
}

/// <summary>
/// Limits log lines about peers: one a minute for each, and only for a few peers a minute, since addresses cost an
/// attacker nothing. Belongs to the loop's thread.
/// </summary>
internal sealed class PeerNotices(Loop loop)
{
    internal const int PeersMax = 16;

    // A peer that is turned away keeps retrying; one line a minute is enough.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly HashSet<IPAddress> _logged = [];
    private long _quietUntil;

    public bool IsDue(IPAddress peer)
    {
        if (loop.Now >= _quietUntil)
        {
            _logged.Clear();
            _quietUntil = loop.Now + (long)(Quiet.TotalSeconds * loop.Time.TimestampFrequency);
        }
        return _logged.Count < PeersMax && _logged.Add(peer);
    }
}
