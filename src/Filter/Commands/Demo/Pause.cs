using FastGate.Proxy.Transport;

namespace FastGate.Commands.Demo;

/// <summary>The time that passes between two tokens of one connection. Belongs to the loop's thread.</summary>
internal sealed class Pause : IDisposable
{
    private readonly Deadline deadline;
    private TaskCompletionSource? waiter;

    public Pause(Loop loop) => deadline = loop.CreateDeadline(End);

    /// <summary>Completes on the loop's thread. One wait at a time.</summary>
    public Task WaitAsync(TimeSpan time)
    {
        waiter = new TaskCompletionSource();
        deadline.Set(time);
        return waiter.Task;
    }

    public void Dispose() => deadline.Remove();

    private void End() => waiter!.SetResult();
}
