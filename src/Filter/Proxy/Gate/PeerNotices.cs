using System.Net;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>
/// Limits log lines about peers: one a minute for each, and only for a few peers a minute, since addresses cost an
/// attacker nothing. Belongs to the loop's thread.
/// </summary>
internal sealed class PeerNotices(Loop loop)
{
    internal const int PeersMax = 16;

    private readonly HashSet<IPAddress> _logged = [];
    private OncePerMinute _clearing;

    public bool IsDue(IPAddress peer)
    {
        if (_clearing.IsDue(loop))
            _logged.Clear();
        return _logged.Count < PeersMax && _logged.Add(peer);
    }
}

/// <summary>
/// Limits a log line to one a minute: a client with a wrong setting, or a broken upstream, keeps retrying. Belongs to
/// the loop's thread.
/// </summary>
internal struct OncePerMinute
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private long _dueAt;

    /// <summary>Returns true at most once a minute.</summary>
    public bool IsDue(Loop loop)
    {
        if (loop.Now < _dueAt)
            return false;
        _dueAt = loop.After(Minute);
        return true;
    }
}
