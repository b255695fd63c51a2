namespace FastGate.Proxy.Gate;

/// <summary>
/// Whether a client sends anything useful. Allowed requests and content are useful; refused requests, and heads or
/// content a few bytes at a time, cost the gate as much and are not. A client that sends nothing else is served after
/// the others.
/// </summary>
internal struct Usefulness
{
    /// <summary>A client is slow after this many more useless reads than useful ones: a failing client library retries
    /// 2 to 10 times.</summary>
    internal const int UselessMax = 32;

    /// <summary>The weight of a useful read: one in eight keeps a client from being slow.</summary>
    internal const int UsefulWeight = 8;

    /// <summary>A read of at most this much content is not useful; the smallest packet of a transfer has twice
    /// as much.</summary>
    internal const int SmallReadBytesMax = 512;

    private int _useless;

    /// <summary>Whether no useless read counts against the client.</summary>
    public readonly bool IsClean => _useless == 0;

    /// <summary>Whether the client must be served after the others.</summary>
    public readonly bool IsUseless => _useless == UselessMax;

    /// <summary>Counts one read.</summary>
    /// <returns>True if the client must be served after the others.</returns>
    public bool Count(bool useful)
    {
        _useless = useful ? Math.Max(0, _useless - UsefulWeight) : Math.Min(UselessMax, _useless + 1);
        return IsUseless;
    }
}
