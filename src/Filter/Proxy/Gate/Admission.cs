using System.Net;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Counts the open connections, in total and by peer, against the limits, and picks the one to close for another.
/// Belongs to the accepting loop's thread.
/// </summary>
internal sealed partial class Admission
{
    // A gate that is full several times in a row is reported once, until no connection has had to wait for this long.
    internal static readonly TimeSpan BoutGap = TimeSpan.FromSeconds(10);

    // If no connection is idle, the search is repeated after this time.
    internal static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);

    // A client that has just connected, or got its response, is about to send a request: two waiting clients must not
    // evict each other.
    internal static readonly TimeSpan IdleMin = TimeSpan.FromMilliseconds(250);

    private readonly GateLimits _limits;
    private readonly Dictionary<IPAddress, List<AdmittedPeer>> _peers = [];
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private readonly UselessPeers _useless;
    private readonly Loop _loop;
    private readonly Deadline _over;
    private readonly Deadline _again;
    private readonly ILogger _log;
    private bool _isLogged;

    /// <param name="limits">The limits of the gate.</param>
    /// <param name="loop">The loop that accepts.</param>
    /// <param name="log">Receives a line when all connections are taken.</param>
    public Admission(GateLimits limits, Loop loop, ILogger log)
    {
        _limits = limits;
        _loop = loop;
        _useless = new UselessPeers(loop.Time);
        _log = log;
        _over = loop.CreateDeadline(LogRoom);
        _again = loop.CreateDeadline(WakeWaiting);
    }

    public int Count { get; private set; }

    public bool IsFull => Count >= _limits.ConnectionsMax;

    /// <summary>
    /// Closes a connection without a request, if any, in favor of one that waits. Completes when there may be room;
    /// others may have waited as well, so the caller checks <see cref="IsFull"/> again.
    /// </summary>
    public ValueTask MakeRoomAsync()
    {
        if (!IsFull)
            return ValueTask.CompletedTask;
        LongestIdleOfMost()?.MakeRoom();
        _again.Set(RetryInterval);
        // One task for each waiter: the second waiter of a shared task would continue on the thread pool, not on the
        // loop's thread.
        TaskCompletionSource room = new();
        _waiting.Enqueue(room);
        return new ValueTask(room.Task);
    }

    /// <summary>Whether this peer already has the maximum number of connections.</summary>
    public bool IsExcess(IPAddress peer) =>
        _peers.TryGetValue(PeerGroup.Of(peer), out List<AdmittedPeer>? present)
        && present.Count >= _limits.ConnectionsPerPeerMax;

    /// <summary>Whether none of the peer's last connections brought a request that the gate forwards.</summary>
    /// <param name="peer">The address of a new connection.</param>
    /// <param name="now">A timestamp of the clock.</param>
    /// <remarks>Any thread may call it.</remarks>
    public bool IsUseless(IPAddress peer, long now) => _useless.Any && _useless.Contains(PeerGroup.Of(peer), now);

    /// <summary>Takes a place; the caller has checked that one is free.</summary>
    public void Enter(AdmittedPeer peer)
    {
        if (!_peers.TryGetValue(peer.Group, out List<AdmittedPeer>? present))
            _peers.Add(peer.Group, present = []);
        peer.Index = present.Count;
        present.Add(peer);
        Count++;
        if (IsFull)
            LogFull();
    }

    public void Leave(AdmittedPeer peer)
    {
        if (IsFull)
            _over.Set(BoutGap);
        Count--;
        List<AdmittedPeer> present = _peers[peer.Group];
        AdmittedPeer last = present[^1];
        present[peer.Index] = last;
        last.Index = peer.Index;
        present.RemoveAt(present.Count - 1);
        if (present.Count == 0)
            _peers.Remove(peer.Group);
        _useless.Add(peer.Group, peer.IsUseful, _loop.Now);
        WakeWaiting();
    }

    private void WakeWaiting()
    {
        while (_waiting.TryDequeue(out TaskCompletionSource? room))
            _loop.Defer(room.SetResult);
    }

    // Called only when all connections are taken; takes some microseconds for a thousand.
    private AdmittedPeer? LongestIdleOfMost()
    {
        AdmittedPeer? found = null;
        int most = 0;
        long latest = _loop.After(-IdleMin);
        foreach (List<AdmittedPeer> present in _peers.Values)
        {
            if (present.Count < most)
                continue;
            foreach (AdmittedPeer peer in present)
            {
                if (peer.IsLeaving || peer.IdleSince > latest)
                    continue;
                if (found is not null && present.Count == most && peer.IdleSince >= found.IdleSince)
                    continue;
                found = peer;
                most = present.Count;
            }
        }
        return found;
    }

    private void LogFull()
    {
        _over.Clear();
        if (_isLogged)
            return;
        _isLogged = true;
        (IPAddress peer, List<AdmittedPeer> most) = _peers.MaxBy(group => group.Value.Count);
        Log.Full(_log, Count, PeerGroup.Text(peer), most.Count);
    }

    private void LogRoom()
    {
        _isLogged = false;
        Log.Room(_log, Count, _limits.ConnectionsMax);
    }

    private static partial class Log
    {
        [LoggerMessage(
            330,
            LogLevel.Warning,
            "All {Count} connections are taken (\"limits.connectionsMax\"), {Most} of them by {Peer}: "
                + "each new one closes the longest-idle connection of the peer that has the most, "
                + "or waits while none is idle."
        )]
        public static partial void Full(ILogger logger, int count, string peer, int most);

        [LoggerMessage(
            331,
            LogLevel.Information,
            "There is room for new connections again: {Count} of {Max} are taken."
        )]
        public static partial void Room(ILogger logger, int count, int max);
    }
}
