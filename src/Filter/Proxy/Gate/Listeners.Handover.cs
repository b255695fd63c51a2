using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Proxy.Gate;

/// <summary>Stopping to listen, and the listening sockets on their way from one gate to the next.</summary>
internal sealed partial class Listeners
{
    private readonly List<ListenResult> _inherited;
    private Task _turn = Task.CompletedTask;
    private volatile bool _isYielded;

    /// <summary>The listening sockets, for a successor. Any thread.</summary>
    public IReadOnlyList<Socket> Sockets => [.. _published.Select(binding => binding.Socket)];

    /// <summary>Stops listening while a successor has the sockets; polls then bind nothing.</summary>
    public Task YieldAsync()
    {
        _isYielded = true;
        return InTurnAsync(CloseAsync);
    }

    /// <summary>Stops listening.</summary>
    public async Task CloseAsync()
    {
        foreach (Binding binding in _bindings.ToArray())
            await CloseAsync(binding);
        Publish();
    }

    /// <summary>Listens again, because the successor is gone.</summary>
    /// <returns>Whether every address is bound.</returns>
    public async Task<bool> ResumeAsync()
    {
        _isYielded = false;
        await PollAsync();
        return _unbound.Length == 0;
    }

    // Polls, and changes of who listens, one after the other.
    private async Task InTurnAsync(Func<Task> work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Interlocked.Exchange(ref _turn, done.Task);
        try
        {
            await work();
        }
        finally
        {
            done.SetResult();
        }
    }

    private ListenResult? TakeInherited(IPEndPoint endPoint)
    {
        int at = _inherited.FindIndex(listening => listening.EndPoint.Equals(endPoint));
        if (at < 0)
            return null;
        ListenResult taken = _inherited[at];
        _inherited.RemoveAt(at);
        return taken;
    }

    // Of addresses that this gate does not listen on.
    private void CloseInherited()
    {
        foreach (ListenResult left in _inherited)
            left.Socket!.Dispose();
        _inherited.Clear();
    }
}
