namespace FastGate.Proxy.Listening;

/// <summary>The steps from what is bound to what ought to be. Pure.</summary>
/// <param name="Drop">Comes first: another listener may want the same address.</param>
/// <param name="Bind">In the order of the listeners.</param>
internal sealed record Rebinding(IReadOnlyList<ListenPoint> Drop, IReadOnlyList<ListenPoint> Bind)
{
    public static Rebinding Of(IReadOnlyList<ListenPoint> wanted, IReadOnlyList<ListenPoint> bound) =>
        new([.. bound.Except(wanted)], [.. wanted.Except(bound)]);
}
