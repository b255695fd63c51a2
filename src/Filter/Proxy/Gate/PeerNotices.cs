using System.Net;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

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
