using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Many clients at once: all are accepted at once, and the loop's other connections still have their
/// turns.</summary>
[TestClass]
public sealed class BurstTests
{
    private const int Clients = 100;

    private static IEnumerable<object[]> Here => BackendNames.Here;

    /// <summary>
    /// One accept a turn let a burst of 200 outgrow macOS's backlog of 128, and its clients waited a second for their
    /// next SYN.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Burst_IsAcceptedInFewTurns_AndNoTurnTakesTooMany(string backend)
    {
        int accepted = 0;
        List<int> atWaits = [];
        BentReadiness bent = new(BackendNames.Create(backend))
        {
            WaitWith = (real, ready, timeout) =>
            {
                atWaits.Add(accepted);
                return real.Wait(ready, timeout);
            },
        };
        await using TestLoop test = new(bent);
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        List<Socket> clients = [];
        List<Descriptor> sockets = [];
        for (int i = 0; i < Clients; i++)
        {
            Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(bound.EndPoint);
            clients.Add(client);
        }

        Acceptor acceptor = await test.RunAsync(() => new Acceptor(test.Loop, new Descriptor(bound.Socket!), test.Log));
        await test.RunAsync(() => _ = TakeAllAsync());
        await test.UntilAsync(() => accepted == Clients);
        await test.RunAsync(acceptor.Close);

        int[] turns = [.. atWaits.Zip(atWaits.Skip(1), (before, after) => after - before).Where(count => count > 0)];
        Assert.AreEqual(Acceptor.AcceptsInATurn, turns.Max(), "as many as a turn may take, and no more");
        Assert.IsLessThanOrEqualTo((Clients / Acceptor.AcceptsInATurn) + 1, turns.Length);
        foreach (Socket client in clients)
            client.Dispose();
        foreach (Descriptor socket in sockets)
            socket.Dispose();

        async Task TakeAllAsync()
        {
            while (await acceptor.AcceptAsync() is { } socket)
            {
                sockets.Add(socket);
                accepted++;
            }
        }
    }

    /// <summary>A descriptor that the reserve lacks is one that the runtime may need, or that the next accept
    /// does.</summary>
    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Here))]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = "The limit is set by Linux's numbers.")]
    public async Task ReserveThatIsNotWhole_AcceptsNobodyUntilItIs(string backend)
    {
        ManualTime time = new();
        await using TestLoop test = new(backend, time);
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        Acceptor acceptor = await test.RunAsync(() => new Acceptor(test.Loop, new Descriptor(bound.Socket!), test.Log));
        Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await test.RunAsync(test.Loop.Reserve.LetGo);
        // The descriptors that were let go are free, and would do for an accept.
        using (DescriptorLimit.Few(8))
        {
            client.Connect(bound.EndPoint);
            await test.UntilAsync(() => time.TimersSet > 0);
            Assert.IsFalse(accept.IsCompleted);
        }
        time.Advance(Acceptor.Pause);
        using Descriptor? accepted = await accept;
        Assert.AreEqual(client.LocalEndPoint, accepted!.AsSocket().RemoteEndPoint);
        Assert.Contains(
            "this process has no file descriptor left",
            string.Join('\n', test.Log.Lines.Select(line => line.Text))
        );
        await test.RunAsync(acceptor.Close);
    }
}
