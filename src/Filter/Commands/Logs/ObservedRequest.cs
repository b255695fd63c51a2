using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>Requests of one kind in the log: their number, their peers, and how many were refused.</summary>
/// <param name="kind">Their kind.</param>
/// <param name="text">Method and path as sent, or as the rule writes them. Untrusted: escape it for a terminal.</param>
/// <param name="rule">The rule that allows exactly these, if any.</param>
internal sealed class ObservedRequest(RequestKind kind, string text, Rule? rule)
{
    // Enough for a count; the log itself has the details.
    private const int PeersMax = 1000;

    private readonly HashSet<string> _peers = new(StringComparer.Ordinal);

    public RequestKind Kind => kind;

    public string Text => text;

    public Rule? Rule => rule;

    public long Requests { get; private set; }

    /// <summary>Number of these requests that the gate refused.</summary>
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

/// <summary>Classifies a request for the proposal of an allowlist.</summary>
internal enum RequestKind
{
    /// <summary>A route of Ollama's API or its clients, or one that the owner's own rule allowed: may be
    /// proposed.</summary>
    Legitimate,

    /// <summary>Manages models, keys or the server: never proposed.</summary>
    Management,

    /// <summary>Not an Ollama route: a wrong base URL, another program, a scanner.</summary>
    Unknown,

    /// <summary>Malformed: no rule can allow it.</summary>
    Malformed,
}
