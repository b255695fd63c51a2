using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>A running loop for one test, with calls that run on its thread and time out.</summary>
internal sealed class TestLoop : IAsyncDisposable
{
    public static readonly TimeSpan Limit = StepDeadline.Longest;

    private readonly IReadiness _readiness;
    private readonly List<Socket> _peers = [];

    public TestLoop(string backend, TimeProvider? time = null, ISocketCalls? calls = null)
        : this(BackendNames.Create(backend), time, calls) { }

    public TestLoop(IReadiness readiness, TimeProvider? time = null, ISocketCalls? calls = null, BusyPoll? poll = null)
    {
        _readiness = readiness;
        Loop = new Loop(readiness, time ?? TimeProvider.System, Log, "test loop", calls) { Poll = poll };
        Loop.Start();
    }

    public RecordingLogger Log { get; } = new();

    public Loop Loop { get; }

    /// <summary>Runs a function on the loop's thread.</summary>
    public Task<T> RunAsync<T>(Func<T> function) => Loop.PostAsync(function).WaitAsync(Limit);

    /// <summary>Runs an action on the loop's thread.</summary>
    public Task RunAsync(Action action) =>
        RunAsync(() =>
        {
            action();
            return true;
        });

    /// <summary>Starts on the loop's thread, and stays there if it awaits only what belongs to the loop.</summary>
    public Task<T> RunAsync<T>(Func<ValueTask<T>> function) =>
        Loop.PostAsync(() => function().AsTask()).Unwrap().WaitAsync(Limit);

    /// <summary>Waits until a condition, checked on the loop's thread, holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        long began = Stopwatch.GetTimestamp();
        while (!await RunAsync(condition))
        {
            Assert.IsLessThan(Limit, Stopwatch.GetElapsedTime(began), "the condition did not become true");
        }
    }

    /// <summary>Whether a wait finds nothing, so that the loop sleeps and does not spin.</summary>
    public async Task<bool> IsQuietAsync()
    {
        // A turn in between delivers an event that is reported once more after an end.
        await RunAsync(() => { });
        return await RunAsync(() => _readiness.Wait(new Readiness[16], timeoutMilliseconds: 0) == 0);
    }

    /// <summary>A connection: one end a pipe on the loop, the other a blocking socket for the test's own
    /// thread.</summary>
    public async Task<(SocketPipe Pipe, Socket Peer)> ConnectAsync(int receiveBytes = 0)
    {
        (Socket near, Socket far) = Pair(receiveBytes);
        _peers.Add(far);
        return (await RunAsync(() => new SocketPipe(Loop, new Descriptor(near))), far);
    }

    /// <summary>A connection with both ends on the loop.</summary>
    public Task<(SocketPipe Near, SocketPipe Far)> ConnectBothAsync()
    {
        (Socket near, Socket far) = Pair(receiveBytes: 0);
        SocketTuning.TuneConnection(far);
        return RunAsync(() => (new SocketPipe(Loop, new Descriptor(near)), new SocketPipe(Loop, new Descriptor(far))));
    }

    /// <summary>Runs a test with one connection on a loop, then closes it and asserts that nothing was logged.</summary>
    public static Task WithPipeAsync(string backend, Func<TestLoop, SocketPipe, Socket, Task> body) =>
        WithPipeAsync(backend, receiveBytes: 0, body);

    /// <inheritdoc cref="WithPipeAsync(string, Func{TestLoop, SocketPipe, Socket, Task})"/>
    public static async Task WithPipeAsync(
        string backend,
        int receiveBytes,
        Func<TestLoop, SocketPipe, Socket, Task> body
    )
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync(receiveBytes);
        await body(test, pipe, peer);
        await test.RunAsync(pipe.Close);
        Assert.AreEqual(0, test.Log.Lines.Count);
    }

    public async ValueTask DisposeAsync()
    {
        Loop.Stop();
        await Loop.Stopped.WaitAsync(Limit);
        Loop.Dispose();
        foreach (Socket peer in _peers)
            peer.Dispose();
    }

    private static (Socket Near, Socket Far) Pair(int receiveBytes)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBytes > 0)
            near.ReceiveBufferSize = receiveBytes;
        near.Connect(listener.LocalEndPoint!);
        SocketTuning.TuneConnection(near);
        Socket far = listener.Accept();
        far.NoDelay = true;
        far.ReceiveTimeout = far.SendTimeout = (int)Limit.TotalMilliseconds;
        return (near, far);
    }
}
