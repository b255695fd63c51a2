using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Test.Abuse;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Regression: a client that opened a connection for each refused request started with a clean record each time, and
/// other clients' connections waited for up to 32 of its own.
/// </summary>
[TestClass]
public sealed class UselessPeersTests
{
    private static readonly FakeTimeProvider Time = new();
    private static readonly IPAddress Peer = IPAddress.Parse("100.64.0.1");

    [TestMethod]
    public void OneMoreThanTheLimit_IsUseless()
    {
        UselessPeers peers = new(Time);
        Add(peers, Usefulness.UselessMax - 1);
        Assert.IsFalse(peers.Contains(Peer, 0));
        Add(peers, 1);
        Assert.IsTrue(peers.Contains(Peer, 0));
        Assert.IsFalse(peers.Contains(IPAddress.Parse("100.64.0.2"), 0));
    }

    [TestMethod]
    public void OneUsefulConnectionInEight_KeepsAPeerUseful()
    {
        UselessPeers peers = new(Time);
        for (int i = 0; i < 100; i++)
        {
            Add(peers, Usefulness.UsefulWeight);
            peers.Add(Peer, useful: true, 0);
            Assert.IsFalse(peers.Contains(Peer, 0));
        }
    }

    [TestMethod]
    public void APeerThatStops_IsForgotten()
    {
        UselessPeers peers = new(Time);
        Add(peers, Usefulness.UselessMax);
        long end = (long)UselessPeers.Memory.TotalSeconds * Time.TimestampFrequency;
        Assert.IsTrue(peers.Contains(Peer, end));
        Assert.IsFalse(peers.Contains(Peer, end + 1));
        // Its count is reset too.
        peers.Add(Peer, useful: false, end + 1);
        Assert.IsFalse(peers.Contains(Peer, end + 1));
    }

    [TestMethod]
    public void AnyNumberOfPeers_TakesBoundedMemory()
    {
        UselessPeers peers = new(Time);
        for (int i = 0; i < 3 * UselessPeers.PeersMax; i++)
        {
            peers.Add(new IPAddress(i), useful: false, 0);
            Assert.IsLessThanOrEqualTo(UselessPeers.PeersMax, peers.Count);
        }
        Add(peers, Usefulness.UselessMax);
        Assert.IsTrue(peers.Contains(Peer, 0));
    }

    [TestMethod, BothBackends]
    [OSCondition(OperatingSystems.Linux)]
    public async Task ConnectionsOfAUselessPeer_AreServedOneByOne_AndNoMoreThanSoManyWait(Way way)
    {
        using TaggingUpstream upstream = new();
        await using RunningGate gate = await RunningGate.StartAsync(upstream.Endpoint, way, ["@seed"]);
        for (int i = 0; i < Usefulness.UselessMax; i++)
            await RefuseAsync(gate, 1);
        await gate.WaitUntilEmptyAsync();
        // It still gets a response.
        await RefuseAsync(gate, 1);
        RawClient present = await RawClient.ConnectAsync(gate.Endpoint, Peers.Number(2));
        Task<bool>[] flood =
        [
            .. Enumerable.Range(0, 10 * AcceptLoop.HeldMax).Select(_ => Task.Run(() => IsAnsweredAsync(gate, 1))),
        ];
        for (int i = 0; i < 50; i++)
            Assert.AreEqual(403, (await present.ExchangeAsync(Scene.Forbidden)).Status);
        bool[] answered = await Task.WhenAll(flood);
        long unanswered = answered.LongCount(isAnswered => !isAnswered);
        await Until.HoldsAsync(
            async () =>
                (await gate.Gate.TakeSnapshotAsync())
                    .Listeners[0]
                    .ConnectionsRejected.Single(reason => reason.Name == "gate-peer-limit")
                    .Count == unanswered,
            $"{unanswered} closed connections are counted"
        );
        Assert.IsGreaterThanOrEqualTo(AcceptLoop.HeldMax, answered.Count(isAnswered => isAnswered));
        await RefuseAsync(gate, 3);
        present.Dispose();
        await gate.WaitUntilEmptyAsync();
    }

    private static void Add(UselessPeers peers, int times)
    {
        for (int i = 0; i < times; i++)
            peers.Add(Peer, useful: false, 0);
    }

    private static async Task RefuseAsync(RunningGate gate, int peer) =>
        Assert.IsTrue(await IsAnsweredAsync(gate, peer));

    private static async Task<bool> IsAnsweredAsync(RunningGate gate, int peer)
    {
        try
        {
            using RawClient client = await RawClient.ConnectAsync(gate.Endpoint, Peers.Number(peer));
            return (await client.ExchangeAsync(Scene.Forbidden)).Status == 403;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            // Closed before it was read.
            return false;
        }
    }
}
