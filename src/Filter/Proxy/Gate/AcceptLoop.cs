using System.Net;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Takes the connections of one bound address: who may come in is let in and given to a loop, the others are closed at
/// once. Belongs to the accepting loop's thread.
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

    /// <summary>The peers that may connect; those that are in already stay.</summary>
    public IReadOnlyList<AddressRange> From { get; set; }

    /// <summary>Connections that were closed because their peer may not come in, or has too many.</summary>
    public long TurnedAway { get; private set; }

    /// <summary>Accepts until the acceptor is closed.</summary>
    public async Task RunAsync()
    {
        while (await _acceptor.AcceptAsync() is { } socket)
        {
            if (!MayEnter(socket))
                continue;
            // Only one waits here, the others in the backlog. Whoever leaves makes room for it, or makes its peer's
            // share smaller.
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
        // A client that has gone again already is nobody.
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

    // Apart, since the delegate's captures are allocated with the method's first line.
    private void Send(Worker worker, Descriptor socket, AdmittedPeer peer) =>
        worker.Loop.Post(() => _ = worker.ServeAsync(socket, _policies, peer));

    private void TurnOutsiderAway(Descriptor socket, IPAddress peer)
    {
        _policies.Connections.RejectByFrom();
        TurnAway(socket, peer, "its address is not in \"from\"");
    }

    private void TurnExcessAway(Descriptor socket, IPAddress peer)
    {
        _policies.Connections.RejectByPeerLimit();
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
/// Decides whether something is said of a peer once more: of each once a minute, and of few peers a minute, since
/// addresses cost nothing. Belongs to the loop's thread.
/// </summary>
internal sealed class PeerNotices(Loop loop)
{
    internal const int PeersMax = 16;

    // A peer that is turned away tries again; once a minute is said often enough.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly HashSet<IPAddress> _told = [];
    private long _quietUntil;

    public bool IsDue(IPAddress peer)
    {
        if (loop.Now >= _quietUntil)
        {
            _told.Clear();
            _quietUntil = loop.Now + (long)(Quiet.TotalSeconds * loop.Time.TimestampFrequency);
        }
        return _told.Count < PeersMax && _told.Add(peer);
    }
}
