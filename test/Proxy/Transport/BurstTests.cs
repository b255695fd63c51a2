using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Bursts of clients are accepted quickly, and the loop's other connections still get their turns.</summary>
[TestClass]
public sealed class BurstTests
{
    private const int Clients = 100;

    private static IEnumerable<object[]> Here => BackendNames.Here;

    /// <summary>
    /// Regression: with one accept per turn, a burst of 200 outgrew macOS's backlog of 128, and its clients waited a
    /// second for their next SYN.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Here))]
    public async Task Burst_IsAcceptedInFewTurns_WithinTheLimitOfATurn(string backend)
    {
        int accepted = 0;
        List<int> atWaits = [];
        FaultyReadiness faulty = new(BackendNames.Create(backend))
        {
            WaitWith = (real, ready, timeout) =>
            {
                atWaits.Add(accepted);
                return real.Wait(ready, timeout);
            },
        };
        await using TestLoop test = new(faulty);
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
        Assert.AreEqual(Acceptor.AcceptsInATurn, turns.Max(), "the largest turn takes exactly the limit");
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

    /// <summary>The runtime may need a descriptor that the reserve lacks, or the next accept may.</summary>
    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Here))]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = "The limit is set with Linux's constants.")]
    public async Task IncompleteReserve_AcceptsNothing(string backend)
    {
        TestTimeProvider time = new();
        await using TestLoop test = new(backend, time);
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        Acceptor acceptor = await test.RunAsync(() => new Acceptor(test.Loop, new Descriptor(bound.Socket!), test.Log));
        Task<Descriptor?> accept = test.RunAsync(acceptor.AcceptAsync);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await test.RunAsync(test.Loop.Reserve.Release);
        // The released descriptors are free and would be enough for an accept.
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
