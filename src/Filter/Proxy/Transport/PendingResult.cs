using System.Threading.Tasks.Sources;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The result that one caller waits for, reused by every later wait, so that waiting allocates nothing. Belongs to the
/// loop's thread; one wait at a time.
/// </summary>
internal sealed class PendingResult<T> : IValueTaskSource<T>
{
    private ManualResetValueTaskSourceCore<T> _source;

    /// <summary>A wait was started and has no result yet.</summary>
    public bool IsPending { get; private set; }

    public ValueTask<T> Start()
    {
        IsPending = true;
        return new ValueTask<T>(this, _source.Version);
    }

    /// <summary>
    /// Completes the wait. The waiting code continues inside this call and may close everything, so a caller must not
    /// rely on its own state afterwards.
    /// </summary>
    public void Complete(T result)
    {
        IsPending = false;
        _source.SetResult(result);
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        T result = _source.GetResult(token);
        _source.Reset();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _source.OnCompleted(continuation, state, token, flags);
}
