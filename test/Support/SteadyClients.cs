using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Support;

/// <summary>
/// Clients that send requests one after the other, on kept connections and on new ones, while something happens to the
/// gate. Every request that is refused, reset or lost counts as a failure.
/// </summary>
internal sealed class SteadyClients : IAsyncDisposable
{
    private const string Allowed = "GET /api/version HTTP/1.1\r\nHost: gate\r\n\r\n";
    private const string Forbidden = "DELETE /api/delete HTTP/1.1\r\nHost: gate\r\n\r\n";

    // A client that paused this long connects again, as a connection pool does: on a busy machine, a test may pause for
    // longer than the gate keeps an idle connection.
    private static readonly TimeSpan Stale = TimeSpan.FromMilliseconds(500);

    private readonly IPEndPoint _at;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task[] _clients;
    private long _count;

    public SteadyClients(IPEndPoint at)
    {
        _at = at;
        _clients = [KeepAsync(Allowed, 200), KeepAsync(Forbidden, 403), RenewAsync(), RenewAsync()];
    }

    /// <summary>Requests that were answered.</summary>
    public long Count => Volatile.Read(ref _count);

    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Completes when requests that were sent after this call have been answered.</summary>
    public async Task MoreAsync()
    {
        long until = Count + 20;
        await Until.HoldsAsync(() => Count >= until || !Failures.IsEmpty, "more requests are answered");
    }

    /// <summary>Ends the clients, and asserts that no request failed.</summary>
    public async Task CheckAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_clients).WithinDeadline();
        Assert.AreEqual("", string.Join('\n', Failures.Take(10)), $"{Failures.Count} of {Count} requests failed");
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_clients);
        _ending.Dispose();
    }

    private async Task KeepAsync(string request, int status)
    {
        RawClient? client = null;
        long last = 0;
        while (!_ending.IsCancellationRequested)
        {
            if (client is not null && Stopwatch.GetElapsedTime(last) > Stale)
            {
                client.Dispose();
                client = null;
            }
            try
            {
                client ??= await RawClient.ConnectAsync(_at);
                RawResponse response = await client.ExchangeAsync(request);
                Record(response, status);
                last = Stopwatch.GetTimestamp();
                if (response.Field("Connection") == "close")
                {
                    client.Dispose();
                    client = null;
                }
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException)
            {
                Failures.Enqueue($"kept connection: {exception.Message}");
                client?.Dispose();
                client = null;
            }
            await Task.Yield();
            // One client never pauses.
            if (status != 200)
                await Task.Delay(1);
        }
        client?.Dispose();
    }

    private async Task RenewAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using RawClient client = await RawClient.ConnectAsync(_at);
                Record(await client.ExchangeAsync(Allowed), 200);
            }
            catch (Exception exception) when (exception is SocketException or IOException or InvalidDataException)
            {
                Failures.Enqueue($"new connection: {exception.Message}");
            }
            // Otherwise the machine runs out of ports, each of which stays taken for a minute.
            await Task.Delay(5);
        }
    }

    private void Record(RawResponse response, int status)
    {
        if (response.Status != status)
            Failures.Enqueue($"status {response.Status} instead of {status}");
        Interlocked.Increment(ref _count);
    }
}
