namespace FastGate.Proxy.Gate;

/// <summary>
/// Whether what a client sends is of any use: allowed requests and content are; refused requests, and heads or content
/// in crumbs, cost the gate as much and bring nothing. A client of whom nothing else comes is served behind the others.
/// </summary>
internal struct Usefulness
{
    /// <summary>So many useless reads more than useful ones make a client slow: a lost client library retries 2 to 10
    /// times.</summary>
    internal const int UselessMax = 32;

    /// <summary>What a useful read weighs, so that one in eight keeps a client among the others.</summary>
    internal const int UsefulWeight = 8;

    /// <summary>Bytes of content below which a read is a crumb; the smallest packet of a transfer has twice as
    /// many.</summary>
    internal const int CrumbBytesMax = 512;

    private int _useless;

    /// <summary>Nothing useless is held against the client.</summary>
    public readonly bool IsClean => _useless == 0;

    /// <summary>Counts one read.</summary>
    /// <returns>True when the client is to be served behind the others.</returns>
    public bool IsUselessWith(bool useful)
    {
        _useless = useful ? Math.Max(0, _useless - UsefulWeight) : Math.Min(UselessMax, _useless + 1);
        return _useless == UselessMax;
    }
}
