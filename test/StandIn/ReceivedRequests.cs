using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.StandIn;

/// <summary>The requests that the stand-in received, in order of arrival. Thread-safe.</summary>
internal sealed class ReceivedRequests
{
    private readonly List<ReceivedRequest> _requests = [];
    private readonly List<(Func<ReceivedRequest, bool> Wanted, TaskCompletionSource<ReceivedRequest> Found)> _waiters =
    [];

    public IReadOnlyList<ReceivedRequest> All
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>The method and target of each request, in order.</summary>
    public IReadOnlyList<string> Lines => [.. All.Select(request => request.Line)];

    /// <summary>Method, target and content of each request, in order, as soon as their content has arrived.</summary>
    public Task<string[]> LinesWithContentAsync() =>
        Task.WhenAll(
                All.Select(async request =>
                    $"{request.Line} {Encoding.UTF8.GetString((await request.Content).Bytes)}".TrimEnd()
                )
            )
            .WithinDeadline();

    /// <summary>Waits for the first request that matches; returns as soon as its head has arrived.</summary>
    public Task<ReceivedRequest> WaitForAsync(Func<ReceivedRequest, bool> wanted)
    {
        lock (_requests)
        {
            if (_requests.FirstOrDefault(wanted) is { } already)
                return Task.FromResult(already);
            var found = new TaskCompletionSource<ReceivedRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((wanted, found));
            return found.Task.WithinDeadline();
        }
    }

    public void Add(ReceivedRequest request)
    {
        lock (_requests)
        {
            _requests.Add(request);
            foreach (var (_, found) in _waiters.Where(waiter => waiter.Wanted(request)))
                found.TrySetResult(request);
        }
    }
}
