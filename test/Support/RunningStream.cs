using System.Text;

namespace FastGate.Test.Support;

/// <summary>
/// A streamed response that continues, event by event, while a test does other things. Each event is sent after the
/// previous one has arrived, so a lost or delayed event stops the stream.
/// </summary>
internal sealed class RunningStream
{
    private const string Request = "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n{}";
    private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly RawClient _client;
    private readonly RawConnection _upstream;
    private readonly Task _running;
    private volatile bool _ending;
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningStream(RawClient client, RawConnection upstream)
    {
        _client = client;
        _upstream = upstream;
        _running = RunAsync();
    }

    /// <summary>Starts a stream on an unused connection.</summary>
    public static async Task<RunningStream> StartAsync(RawClient client, RawUpstream upstream)
    {
        await client.SendAsync(Request);
        RawConnection arrived = await upstream.NextAsync();
        await arrived.ReadThroughAsync("{}"u8.ToArray());
        await arrived.SendAsync(Encoding.ASCII.GetBytes(Head));
        await client.Connection.ReadThroughAsync("\r\n\r\n"u8.ToArray());
        return new RunningStream(client, arrived);
    }

    /// <summary>Completes when an event that was sent after this call has arrived.</summary>
    public async Task MoreAsync()
    {
        // The event in flight may have been sent before.
        for (int i = 0; i < 2; i++)
            await Task.WhenAny(Volatile.Read(ref _arrival).Task, _running).WithinDeadline();
        if (_running.IsCompleted)
            await _running;
    }

    /// <summary>Ends the stream, and checks that the client receives the last chunk.</summary>
    public async Task EndAsync()
    {
        _ending = true;
        await _running;
        await _upstream.SendAsync("0\r\n\r\n"u8.ToArray());
        CollectionAssert.AreEqual("0\r\n\r\n"u8.ToArray(), await _client.Connection.ReadExactlyAsync(5));
        _client.Dispose();
        _upstream.Dispose();
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(Pace);
        for (int i = 0; !_ending; i++)
        {
            string data = $"data: {i}\n\n";
            byte[] chunk = Encoding.ASCII.GetBytes($"{data.Length:x}\r\n{data}\r\n");
            await _upstream.SendAsync(chunk);
            CollectionAssert.AreEqual(chunk, await _client.Connection.ReadExactlyAsync(chunk.Length));
            Interlocked.Exchange(ref _arrival, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            await timer.WaitForNextTickAsync();
        }
    }
}
