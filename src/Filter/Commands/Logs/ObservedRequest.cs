using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>Requests of one kind that the log has: how many, from whom, and what became of them.</summary>
/// <param name="kind">What they are.</param>
/// <param name="text">Method and path as they were sent, or as the rule writes them; not fit for a terminal
/// yet.</param>
/// <param name="rule">Opens just these, if a rule can.</param>
internal sealed class ObservedRequest(RequestKind kind, string text, Rule? rule)
{
    // To say how many there are; who they are is for the log itself.
    private const int PeersMax = 1000;

    private readonly HashSet<string> _peers = new(StringComparer.Ordinal);

    public RequestKind Kind => kind;

    public string Text => text;

    public Rule? Rule => rule;

    public long Requests { get; private set; }

    /// <summary>Those of them that the gate did not let through.</summary>
    public long Refused { get; private set; }

    public int Peers => _peers.Count;

    public void Add(string peer, bool isRefused)
    {
        Requests++;
        if (isRefused)
            Refused++;
        if (_peers.Count < PeersMax)
            _peers.Add(peer);
    }
}

/// <summary>What a request that was seen is to whoever writes an allowlist.</summary>
internal enum RequestKind
{
    /// <summary>A route of Ollama's or of its clients, or one that the owner's own rule has opened: an allowlist may
    /// have it.</summary>
    Legitimate,

    /// <summary>It manages models, keys or the server: no allowlist is proposed that opens it.</summary>
    Management,

    /// <summary>Nothing of Ollama's: a mistaken base URL, another program, somebody who tries doors.</summary>
    Unknown,

    /// <summary>No rule can open it.</summary>
    Malformed,
}
