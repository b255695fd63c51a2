namespace FastGate.Proxy.Metrics;

/// <summary>Counts the connections of one listener. The accepting loop's thread writes, any may read.</summary>
internal sealed class VisitTally
{
    private long begun;
    private long ended;
    private long outsiders;
    private long excess;

    /// <summary>Connections that were let in and have ended; to be read before <see cref="Begun"/>.</summary>
    public long Ended => Cell.Read(ref ended);

    /// <summary>Connections that were let in.</summary>
    public long Begun => Cell.Read(ref begun);

    /// <summary>Closed at once: the peer's address is not in <c>from</c>.</summary>
    public long Outsiders => Cell.Read(ref outsiders);

    /// <summary>Closed at once: the peer has as many as one peer may have.</summary>
    public long Excess => Cell.Read(ref excess);

    public void Begin() => Cell.Add(ref begun, 1);

    public void End() => Cell.Add(ref ended, 1);

    public void TurnOutsiderAway() => Cell.Add(ref outsiders, 1);

    public void TurnExcessAway() => Cell.Add(ref excess, 1);
}
