namespace FastGate.Proxy.Transport;

/// <summary>
/// A moment at which something is called unless it was moved or cleared before: a field that its loop looks at now and
/// then, so that moving it with every request costs one store. Belongs to the loop's thread.
/// </summary>
internal sealed class Deadline
{
    internal const long Never = long.MaxValue;

    private readonly DeadlineWheel _wheel;
    private readonly Action _expired;

    /// <param name="wheel">The wheel of the loop that owns it.</param>
    /// <param name="expired">Called on the loop's thread, at most once a setting.</param>
    internal Deadline(DeadlineWheel wheel, Action expired)
    {
        _wheel = wheel;
        _expired = expired;
        wheel.Add(this);
    }

    /// <summary>When it expires, as a timestamp of the loop's <see cref="TimeProvider"/>.</summary>
    internal long Due { get; private set; } = Never;

    /// <summary>It was called, and has not been set or cleared since.</summary>
    public bool HasExpired { get; private set; }

    /// <summary>Where the wheel keeps it.</summary>
    internal int Index { get; set; }

    public void Set(TimeSpan fromNow)
    {
        HasExpired = false;
        Due = _wheel.At(fromNow);
        _wheel.Lower(Due);
    }

    public void Clear()
    {
        HasExpired = false;
        Due = Never;
    }

    /// <summary>Takes it out of the wheel for good.</summary>
    public void Remove()
    {
        Due = Never;
        _wheel.Remove(this);
    }

    internal void Expire(Action<Action> run)
    {
        Due = Never;
        HasExpired = true;
        run(_expired);
    }
}
