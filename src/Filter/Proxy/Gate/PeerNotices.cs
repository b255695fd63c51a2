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

    // A peer that is turned away keeps retrying; one line a minute is enough.
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly HashSet<IPAddress> _logged = [];
    private long _quietUntil;

    public bool IsDue(IPAddress peer)
    {
        if (loop.Now >= _quietUntil)
        {
            _logged.Clear();
            _quietUntil = loop.After(Quiet);
        }
        return _logged.Count < PeersMax && _logged.Add(peer);
    }
}
