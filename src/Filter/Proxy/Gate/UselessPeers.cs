using System.Net;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Finds the peers that open connection after connection without one request that the gate forwards. Any thread may
/// call it.
/// </summary>
/// <remarks>
/// <see cref="Usefulness"/> rates the reads of one connection, so a client that opens a new one for each refused
/// request would start with a clean record every time.
/// </remarks>
internal sealed class UselessPeers(TimeProvider time)
{
    /// <summary>The most peers that are remembered; beyond that, all are forgotten and counted again.</summary>
    internal const int PeersMax = 1024;

    /// <summary>A peer without a useless connection for this long is forgotten.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, History> _peers = [];

    /// <summary>Whether any peer is remembered. Usually none is, and the lookup can be skipped.</summary>
    public bool Any => _peers.Count > 0;

    internal int Count => _peers.Count;

    /// <summary>Counts a connection that has ended.</summary>
    /// <param name="group">The peer, see <see cref="PeerGroup"/>.</param>
    /// <param name="useful">At least one of its requests was forwarded.</param>
    /// <param name="now">A timestamp of the clock.</param>
    public void Add(IPAddress group, bool useful, long now)
    {
        // Most peers are useful and never appear here.
        if (useful && !Any)
            return;
        using Lock.Scope scope = _lock.EnterScope();
        if (useful && !_peers.ContainsKey(group))
            return;
        if (_peers.Count == PeersMax)
            _peers.Clear();
        ref History history = ref CollectionsMarshal.GetValueRefOrAddDefault(_peers, group, out bool isKnown)!;
        if (isKnown && IsOver(history, now))
            history = default;
        if (!useful)
            history.LastUseless = now;
        history.Usefulness.Count(useful);
        if (history.Usefulness.IsClean)
            _peers.Remove(group);
    }

    /// <summary>Whether the peer's next connection is served behind those of others.</summary>
    public bool Contains(IPAddress group, long now)
    {
        using Lock.Scope scope = _lock.EnterScope();
        return _peers.TryGetValue(group, out History history) && history.Usefulness.IsUseless && !IsOver(history, now);
    }

    private bool IsOver(History history, long now) => time.GetElapsedTime(history.LastUseless, now) > Memory;

    /// <summary>The useless connections of a peer.</summary>
    private struct History
    {
        public Usefulness Usefulness;
        public long LastUseless;
    }
}
