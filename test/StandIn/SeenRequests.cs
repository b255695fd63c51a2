using FastGate.Test.Support;

namespace FastGate.Test.StandIn;

/// <summary>All that the stand-in saw, in order of arrival; any thread may ask or wait.</summary>
internal sealed class SeenRequests
{
    private readonly List<SeenRequest> requests = [];
    private readonly List<(Func<SeenRequest, bool> Wanted, TaskCompletionSource<SeenRequest> Found)> waiters = [];

    public IReadOnlyList<SeenRequest> All
    {
        get
        {
            lock (requests) return [.. requests];
        }
    }

    /// <summary>Method and target of each, in order.</summary>
    public IReadOnlyList<string> Lines => [.. All.Select(request => request.Line)];

    /// <summary>The first request that is wanted, as soon as its head has arrived.</summary>
    public Task<SeenRequest> WaitForAsync(Func<SeenRequest, bool> wanted)
    {
        lock (requests)
        {
            if (requests.FirstOrDefault(wanted) is { } already) return Task.FromResult(already);
            var found = new TaskCompletionSource<SeenRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiters.Add((wanted, found));
            return found.Task.WithinDeadline();
        }
    }

    public void Add(SeenRequest request)
    {
        lock (requests)
        {
            requests.Add(request);
            foreach (var (_, found) in waiters.Where(waiter => waiter.Wanted(request))) found.TrySetResult(request);
        }
    }
}
