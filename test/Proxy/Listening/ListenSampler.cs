using System.Collections.Concurrent;
using System.Net;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>Reads all along where anybody in a namespace listens, so that not even for a moment anything else is
/// bound.</summary>
internal sealed class ListenSampler : IAsyncDisposable
{
    // The kernel walks the whole machine's table for each sample: 40 ms of a processor with 262 144 entries.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);

    private readonly NetNamespace _network;
    private readonly ConcurrentDictionary<IPEndPoint, bool> _seen = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _sampling;

    public ListenSampler(NetNamespace network)
    {
        _network = network;
        _sampling = SampleAsync();
    }

    public int Samples { get; private set; }

    /// <summary>Everything seen so far.</summary>
    public async Task<IEnumerable<IPEndPoint>> EndAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
        return _seen.Keys;
    }

    /// <summary>
    /// While it starts, a backend proves itself on a connection over loopback, to a port that is closed before anything
    /// else.
    /// </summary>
    public void ForgetStart()
    {
        foreach (
            IPEndPoint passing in _seen
                .Keys.Where(endPoint => IPAddress.IsLoopback(endPoint.Address))
                .Except(_network.Listening())
        )
            _seen.TryRemove(passing, out _);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ending.Dispose();
    }

    private async Task SampleAsync()
    {
        using PeriodicTimer timer = new(Pace);
        while (!_ending.IsCancellationRequested)
        {
            foreach (IPEndPoint endPoint in _network.Listening())
                _seen[endPoint] = true;
            Samples++;
            await timer.WaitForNextTickAsync();
        }
    }
}
