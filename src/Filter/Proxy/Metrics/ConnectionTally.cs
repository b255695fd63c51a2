namespace FastGate.Proxy.Metrics;

/// <summary>Counts the connections of one listener. The accepting loop's thread writes, any may read.</summary>
internal sealed class ConnectionTally
{
    private long _begun;
    private long _ended;
    private long _outsiders;
    private long _excess;

    /// <summary>Connections that were let in and have ended; to be read before <see cref="Begun"/>.</summary>
    public long Ended => Cell.Read(ref _ended);

    /// <summary>Connections that were let in.</summary>
    public long Begun => Cell.Read(ref _begun);

    /// <summary>Closed at once: the peer's address is not in <c>from</c>.</summary>
    public long Outsiders => Cell.Read(ref _outsiders);

    /// <summary>Closed at once: the peer has as many as one peer may have.</summary>
    public long Excess => Cell.Read(ref _excess);

    public void Begin() => Cell.Add(ref _begun, 1);

    public void End() => Cell.Add(ref _ended, 1);

    public void TurnOutsiderAway() => Cell.Add(ref _outsiders, 1);

    public void TurnExcessAway(int connections) => Cell.Add(ref _excess, connections);
}
