using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>Many deliberately slow clients, with the default limits.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux, IgnoreMessage = Peers.OnlyOnLinux)]
public sealed class CrowdTests
{
    private const int ClientsPerKind = 500;

    [TestMethod, BothBackends]
    public async Task SlowHeadsAndNeverReaders_OthersAreServed_AndBuffersAreBounded(Way way)
    {
        using TaggingUpstream upstream = new();
        await using RunningGate gate = await RunningGate.StartAsync(upstream.Endpoint, way, ["@seed"]);
        using (SlowHeads slow = SlowHeads.Start(gate.Endpoint, ClientsPerKind))
        using (NeverReaders never = NeverReaders.Start(gate.Endpoint, ClientsPerKind, firstPeer: 10))
        {
            await Until.HoldsAsync(
                () => never.WithUnreadBytes == ClientsPerKind,
                "every client that never reads has unread bytes"
            );
            await CheckServedAsync(gate, 200);
            Assert.AreEqual(2 * ClientsPerKind, await gate.SessionsAsync());
            // An incomplete head holds one buffer, an unread response at most two.
            Assert.IsLessThanOrEqualTo(3 * ClientsPerKind, await gate.BuffersInUseAsync());
            Assert.AreEqual(0, upstream.Faults);
        }
        await gate.WaitUntilEmptyAsync();
        await CheckServedAsync(gate, 1);
    }

    private static async Task CheckServedAsync(RunningGate gate, int requests)
    {
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        for (int i = 0; i < requests; i++)
        {
            CheckedRequest request = new("GET", "/v1/models/m", new ResponsePlan(i, ResponseFraming.Length, 500, 500));
            await client.Connection.SendAsync(request.Wire());
            Assert.AreEqual(ExchangeOutcome.Correct, request.Classify(await client.ReadResponseAsync()));
        }
        client.Dispose();
        await Until.HoldsAsync(
            async () => await gate.SessionsAsync() % ClientsPerKind == 0,
            "this client's session has ended"
        );
    }
}
