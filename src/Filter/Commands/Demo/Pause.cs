using FastGate.Proxy.Transport;

namespace FastGate.Commands.Demo;

/// <summary>The time that passes between two tokens of one connection. Belongs to the loop's thread.</summary>
internal sealed class Pause : IDisposable
{
    private readonly Deadline _deadline;
    private TaskCompletionSource? _waiter;

    public Pause(Loop loop) => _deadline = loop.CreateDeadline(End);

    /// <summary>Completes on the loop's thread. One wait at a time.</summary>
    public Task WaitAsync(TimeSpan time)
    {
        _waiter = new TaskCompletionSource();
        _deadline.Set(time);
        return _waiter.Task;
    }

    public void Dispose() => _deadline.Remove();

    private void End() => _waiter!.SetResult();
}
