namespace FastGate.Proxy.Metrics;

/// <summary>Counts the connections of one listener. The accepting loop's thread writes; any thread may read.</summary>
internal sealed class ConnectionTally
{
    private long _begun;
    private long _ended;
    private long _outsiders;
    private long _excess;

    /// <summary>Accepted connections that have ended; read it before <see cref="Begun"/>.</summary>
    public long Ended => Cell.Read(ref _ended);

    /// <summary>Accepted connections.</summary>
    public long Begun => Cell.Read(ref _begun);

    /// <summary>Connections closed on arrival: the peer's address is not in <c>from</c>.</summary>
    public long RejectedByFrom => Cell.Read(ref _outsiders);

    /// <summary>Connections closed on arrival: the peer has reached its limit.</summary>
    public long RejectedByPeerLimit => Cell.Read(ref _excess);

    public void Begin() => Cell.Add(ref _begun, 1);

    public void End() => Cell.Add(ref _ended, 1);

    public void RejectByFrom() => Cell.Add(ref _outsiders, 1);

    public void RejectByPeerLimit(int connections) => Cell.Add(ref _excess, connections);
}
