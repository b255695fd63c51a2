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
    /// <summary>The most connections of useless peers that wait for the slow lane; more are closed.</summary>
    internal const int HeldMax = 128;

    /// <summary>Why a connection of a flood was closed.</summary>
    internal const string Flooding =
        "it opens connections faster than they are served, and none of its last ones brought an allowed request";

    private static readonly Task<FloodScreen?> NoScreen = Task.FromResult<FloodScreen?>(null);

    // The retry interval when the process has no descriptors for another loop.
    private static readonly TimeSpan NextTry = TimeSpan.FromSeconds(1);

    private readonly Acceptor _acceptor;
    private readonly Admission _admission;
    private readonly WorkerRing _workers;
    private readonly PolicySlot _policies;
    private readonly Loop _loop;
    private readonly GateLimits _limits;
    private readonly PeerNotices _notices;
    private readonly ILogger _log;
    private readonly Func<AcceptLoop, Task<FloodScreen?>> _openScreen;
    private readonly Queue<Descriptor> _held = [];
    private readonly Action _serveHeld;
    private int _heldCount;
    private Task<FloodScreen?> _screen = NoScreen;
    private long _noScreenUntil;
    private bool _isClosed;

    public AcceptLoop(
        Acceptor acceptor,
        Loop loop,
        Admission admission,
        WorkerRing workers,
        PolicySlot policies,
        IReadOnlyList<AddressRange> from,
        GateLimits limits,
        ILogger log,
        Func<AcceptLoop, Task<FloodScreen?>> openScreen
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
        _openScreen = openScreen;
        _serveHeld = ServeHeld;
    }

    /// <summary>No more connections of useless peers can wait. Any thread.</summary>
    public bool IsHoldFull => Volatile.Read(ref _heldCount) >= HeldMax;

    /// <summary>Whether a <see cref="FloodScreen"/> accepts at the moment.</summary>
    public bool IsScreened => _screen != NoScreen;

    /// <summary>The peers that may connect; connections that are open stay open.</summary>
    public IReadOnlyList<AddressRange> From { get; set; }

    /// <summary>Connections that were closed because their peer may not connect, or has too many.</summary>
    public long TurnedAway { get; private set; }

    /// <summary>Accepts until the acceptor is closed.</summary>
    public async Task RunAsync()
    {
        while (await _acceptor.AcceptAsync() is { } socket)
        {
            // One connection waits here, the others in the backlog.
            await TakeAsync(socket);
            if (IsHoldFull && !_isClosed)
                await ScreenAsync();
        }
    }

    /// <summary>Admits a connection, holds it or closes it. Throws nothing.</summary>
    public async ValueTask TakeAsync(Descriptor socket)
    {
        try
        {
            await AdmitAsync(socket);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Without this, nothing would log it, and no client could connect until a restart.
            _loop.LogUnexpected(exception);
            socket.Dispose();
        }
    }

    /// <summary>Counts connections of a flood that were closed at once.</summary>
    public void CountFlood(IPAddress peer, int connections)
    {
        _policies.Connections.RejectByPeerLimit(connections);
        NoteTurnedAway(peer, Flooding, connections);
    }

    /// <summary>Stops accepting. A screen must be closed first.</summary>
    public void Close()
    {
        BeginClose();
        _acceptor.Close();
    }

    /// <summary>From now on no connection waits: those that do, and the last ones to be accepted, are let in. A client
    /// whose connection was accepted must not lose its request because another gate takes over.</summary>
    /// <returns>The screen to close before <see cref="Close"/>, if any.</returns>
    public Task<FloodScreen?> BeginClose()
    {
        _isClosed = true;
        while (_held.TryDequeue(out Descriptor? socket))
            LetInLast(socket);
        Volatile.Write(ref _heldCount, 0);
        return _screen;
    }

    private ValueTask AdmitAsync(Descriptor socket)
    {
        if (!MayEnter(socket))
            return ValueTask.CompletedTask;
        if (_admission.IsUseless(socket.Peer!, _loop.Now))
        {
            Hold(socket, socket.Peer!);
            return ValueTask.CompletedTask;
        }
        if (_admission.IsFull)
            return WaitAsync(socket);
        LetIn(_workers.Next(), socket, socket.Peer!);
        return ValueTask.CompletedTask;
    }

    // Each connection that ends makes room, or makes its peer's share smaller.
    private async ValueTask WaitAsync(Descriptor socket)
    {
        while (_admission.IsFull && !_isClosed)
            await _admission.MakeRoomAsync();
        // At most one connection above the limit, if the loop is closed.
        if (MayEnter(socket))
            LetIn(_workers.Next(), socket, socket.Peer!);
    }

    private void LetInLast(Descriptor socket)
    {
        if (_admission.IsFull)
            socket.Dispose();
        else if (MayEnter(socket))
            LetIn(_workers.Next(), socket, socket.Peer!);
    }

    // Without a screen, this loop keeps accepting and closes the connections it has no time for.
    private async Task ScreenAsync()
    {
        if (_loop.Now < _noScreenUntil)
            return;
        bool isOpen = false;
        try
        {
            _screen = _openScreen(this);
            if (await _screen is { } screen)
            {
                isOpen = true;
                await screen.Ended;
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _loop.LogUnexpected(exception);
        }
        if (!isOpen)
            _noScreenUntil = _loop.After(NextTry);
        _screen = NoScreen;
    }

    // A connection costs as much as dozens of refused requests, so connections that are likely to bring nothing else
    // wait for the slow lane.
    private void Hold(Descriptor socket, IPAddress peer)
    {
        if (_isClosed)
        {
            LetInLast(socket);
            return;
        }
        if (_held.Count == HeldMax)
        {
            socket.Dispose();
            CountFlood(peer, 1);
            return;
        }
        _held.Enqueue(socket);
        Volatile.Write(ref _heldCount, _held.Count);
        if (_held.Count == 1)
            _loop.Slow.Queue(_serveHeld);
    }

    private void ServeHeld()
    {
        if (!_held.TryDequeue(out Descriptor? socket))
            return;
        Volatile.Write(ref _heldCount, _held.Count);
        _loop.Slow.ChargeConnection();
        if (_held.Count > 0)
            _loop.Slow.Queue(_serveHeld);
        if (!MayEnter(socket))
            return;
        if (!_admission.IsFull)
        {
            LetIn(_workers.Next(), socket, socket.Peer!);
            return;
        }
        socket.Dispose();
        CountFlood(socket.Peer!, 1);
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
        _policies.Connections.RejectByFrom();
        TurnAway(socket, peer, "its address is not in \"from\"");
    }

    private void TurnExcessAway(Descriptor socket, IPAddress peer)
    {
        _policies.Connections.RejectByPeerLimit(1);
        TurnAway(socket, peer, $"it has {_limits.ConnectionsPerPeerMax} already (\"limits.connectionsPerPeerMax\")");
    }

    private void TurnAway(Descriptor socket, IPAddress peer, string why)
    {
        socket.Dispose();
        NoteTurnedAway(peer, why, 1);
    }

    private void NoteTurnedAway(IPAddress peer, string why, int connections)
    {
        TurnedAway += connections;
        if (_notices.IsDue(peer))
            Log.TurnedAway(_log, peer, why, TurnedAway);
    }

    private static partial class Log
    {
        [LoggerMessage(310, LogLevel.Warning, "A connection from {Peer} was closed: {Why} ({Count} so far).")]
        public static partial void TurnedAway(ILogger logger, IPAddress peer, string why, long count);
    }
}
