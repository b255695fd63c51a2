using System.Net;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>
/// Continuously samples every listener in a namespace, to prove that nothing else is bound even for a moment.
/// </summary>
internal sealed class ListenSampler : IAsyncDisposable
{
    // The kernel walks the whole machine's table for each sample: 40 ms of a processor with 262 144 entries.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(400);

    private readonly NetNamespace _network;
    private readonly HashSet<IPEndPoint> _seen = [];

    // A sample that was read before ForgetStart must not be stored after it.
    private readonly Lock _sample = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _sampling;

    public ListenSampler(NetNamespace network)
    {
        _network = network;
        _sampling = SampleAsync();
    }

    public int Samples { get; private set; }

    /// <summary>Every listener seen so far.</summary>
    public async Task<IEnumerable<IPEndPoint>> EndAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
        return _seen;
    }

    /// <summary>
    /// Forgets the start: a backend then tests itself on a loopback connection, to a port that is closed before
    /// anything else happens.
    /// </summary>
    public void ForgetStart()
    {
        lock (_sample)
        {
            HashSet<IPEndPoint> present = [.. _network.Listening()];
            _seen.RemoveWhere(endPoint => IPAddress.IsLoopback(endPoint.Address) && !present.Contains(endPoint));
        }
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
            lock (_sample)
            {
                _seen.UnionWith(_network.Listening());
                Samples++;
            }
            await timer.WaitForNextTickAsync();
        }
    }
}
