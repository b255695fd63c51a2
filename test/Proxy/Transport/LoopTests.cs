using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class LoopTests
{
    private static IEnumerable<object[]> Here => BackendNames.Here;

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Posts_RunInOrderOnTheLoopsThread(string backend)
    {
        await using TestLoop test = new(backend);
        List<int> order = [];
        for (int i = 0; i < 100; i++)
        {
            int number = i;
            test.Loop.Post(() => order.Add(test.Loop.IsCurrent ? number : -1));
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, 100).ToList(), await test.RunAsync(() => order));
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task PostsFromManyThreads_AreAllRun(string backend)
    {
        await using TestLoop test = new(backend);
        await Task.WhenAll(
            Enumerable
                .Range(0, 3)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        for (int i = 0; i < 2_000; i++)
                            await test.RunAsync(() => true);
                    })
                )
        );
    }

    /// <summary>The poll's check of the sockets also takes the event of a wake-up: the loop must not block
    /// then.</summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task PostDuringAPoll_IsRun(string backend)
    {
        TaskCompletionSource ran = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TestLoop? loop = null;
        int checks = 0;
        FaultyReadiness readiness = new(BackendNames.Create(backend))
        {
            WaitWith = (real, ready, timeout) =>
            {
                // The second check of the poll, not the first: the poll is under way.
                if (timeout == 0 && ++checks == 2)
                    loop!.Loop.Post(ran.SetResult);
                return real.Wait(ready, timeout);
            },
        };
        BusyPoll poll = new(TimeSpan.FromSeconds(1), new PowerSource(read: () => false), trial: null, yield: () => { });
        await using TestLoop test = loop = new(readiness, poll: poll);
        await test.RunAsync(poll.BeginExchange);
        await ran.Task.WaitAsync(TestLoop.Limit);
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task PostThatRepeatsItself_LetsSocketsHaveTheirTurn(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe pipe, Socket peer) = await test.ConnectAsync();
        bool done = false;
        int times = 0;
        Task<string> read = test.RunAsync(pipe.ReadTextAsync);
        test.Loop.Post(Again);
        await test.UntilAsync(() => times > 100);
        peer.SendText("bytes");
        Task first = await Task.WhenAny(read, test.UntilAsync(() => times > 1_000_000));
        await test.RunAsync(() => done = true);
        Assert.AreSame(read, first);
        Assert.AreEqual("bytes", await read);

        void Again()
        {
            times++;
            if (!done)
                test.Loop.Post(Again);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Deferred_RunsAfterTheCurrentEvent(string backend)
    {
        await using TestLoop test = new(backend);
        List<string> order = [];

        await test.RunAsync(() =>
        {
            test.Loop.Defer(() => order.Add("deferred"));
            order.Add("current");
        });

        Assert.AreEqual("current, deferred", string.Join(", ", await test.RunAsync(() => order)));
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Stop_EndsTheThreadAfterEarlierPosts(string backend)
    {
        using ManualResetEventSlim started = new();
        using ManualResetEventSlim resume = new();
        await using TestLoop test = new(backend);
        Task<bool>? late = null;
        test.Loop.Post(() =>
        {
            // Deferred: it runs after the posts of this turn.
            test.Loop.Defer(() =>
            {
                started.Set();
                resume.Wait(TestLoop.Limit);
            });
        });
        Assert.IsTrue(started.Wait(TestLoop.Limit));
        late = test.Loop.PostAsync(() => true);
        test.Loop.Stop();
        resume.Set();

        await test.Loop.Stopped.WaitAsync(TestLoop.Limit);
        Assert.IsTrue(await late.WaitAsync(TestLoop.Limit));
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ExceptionInAPost_IsLogged_AndTheLoopContinues(string backend)
    {
        await using TestLoop test = new(backend);
        test.Loop.Post(() => throw new InvalidOperationException("posted"));
        test.Loop.Post(() => test.Loop.Defer(() => throw new InvalidOperationException("deferred")));

        await Assert.ThrowsExactlyAsync<FormatException>(() => test.RunAsync(() => int.Parse("x", provider: null)));

        Assert.IsTrue(await test.RunAsync(() => true));
        Assert.AreEqual(2, test.Log.Count(LogLevel.Error));
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task ExceptionInAHandler_EndsOnlyItsConnection(string backend)
    {
        await using TestLoop test = new(backend);
        (SocketPipe other, Socket peer) = await test.ConnectAsync();
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        FaultyHandler handler = new();
        Registration registration = await test.RunAsync(() =>
            test.Loop.Watch(new Descriptor(socket), handler, Interest.Read)
        );

        socket.SendTo([1], socket.LocalEndPoint!);

        await test.UntilAsync(() => handler.Faults > 0);
        Assert.IsTrue(await test.IsQuietAsync());
        Assert.AreEqual(1, test.Log.Count(LogLevel.Error));
        await test.RunAsync(registration.Close);
        peer.SendText("hello");
        Assert.AreEqual("hello", await test.RunAsync(other.ReadTextAsync));
        await test.RunAsync(other.Close);
    }

    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task FailedWait_EndsTheLoop_AndIsLogged(string backend)
    {
        FaultyReadiness faulty = new(BackendNames.Create(backend));
        await using TestLoop test = new(faulty);
        await test.RunAsync(() => faulty.WaitWith = (_, _, _) => throw new IOException("bad descriptor"));

        await test.Loop.Stopped.WaitAsync(TestLoop.Limit);

        Assert.AreEqual(1, test.Log.Count(LogLevel.Critical));
    }

    private sealed class FaultyHandler : IReadyHandler
    {
        public int Faults { get; private set; }

        public void OnReadable() => throw new InvalidOperationException("thrown by the handler");

        public void OnWritable()
        {
            // Never requested.
        }

        public void OnHungUp()
        {
            // A datagram socket never hangs up.
        }

        public void OnFault() => Faults++;
    }
}
