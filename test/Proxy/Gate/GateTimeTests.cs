using System.Text.Json;
using FastGate.Proxy.Gate;
using FastGate.Test.Abuse;
using FastGate.Test.Faults;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// The time that the gate itself takes. Regression: each read added the time since the loop fetched its events, so with
/// several reads in one turn the sum exceeded the request's duration.
/// </summary>
[TestClass]
public sealed class GateTimeTests
{
    private static readonly int[] Sizes = [0, 1, 1000, 16_384, 16_385, 65_536, 200_000, 1_000_000];

    [TestMethod]
    public void SeveralReadsInOneTurn_CountEachMomentOnce()
    {
        Exchange exchange = new();
        exchange.Begin(now: 100, DateTimeOffset.UnixEpoch);
        exchange.Charge(turn: 100, now: 130);
        exchange.Charge(turn: 100, now: 150);
        Assert.AreEqual(50, exchange.Held);
        exchange.Charge(turn: 200, now: 210);
        exchange.Charge(turn: 200, now: 215);
        exchange.Charge(turn: 200, now: 215);
        Assert.AreEqual(65, exchange.Held);

        // A head that arrived in the middle of a turn, after another request.
        exchange.Clear();
        exchange.Begin(now: 300, DateTimeOffset.UnixEpoch);
        exchange.Charge(turn: 290, now: 304);
        Assert.AreEqual(4, exchange.Held);
    }

    [TestMethod, BothBackends]
    public async Task GateTime_IsNeverLongerThanTheRequest(Way way)
    {
        using LogLines lines = new();
        using TaggingUpstream upstream = new();
        GateOptions options = RunningGate.Options(upstream.Endpoint, way, ["@seed"]) with { AccessLog = lines.File };
        await using RunningGate gate = await RunningGate.StartAsync(options);
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        long id = 0;
        foreach (int up in Sizes)
        {
            foreach (int down in Sizes)
                await AskAsync(client, ++id, up, down);
        }
        await client.ExchangeAsync(Scene.Forbidden);
        IReadOnlyList<JsonElement> entries = await lines.NextAsync(gate.Gate);
        Assert.HasCount((int)id + 1, entries);
        foreach (JsonElement entry in entries)
        {
            double held = entry.GetProperty("gateMs").GetDouble(),
                whole = entry.GetProperty("durationMs").GetDouble();
            Assert.IsTrue(held > 0 && held <= whole, $"gateMs {held}, durationMs {whole}: {entry}");
        }
    }

    private static async Task AskAsync(RawClient client, long id, int up, int down)
    {
        CheckedRequest request = new(
            "POST",
            "/v1/chat/completions",
            new ResponsePlan(id, ResponseFraming.Chunked, down, 20_000)
        )
        {
            Content = new byte[up],
        };
        Task sending = client.Connection.SendAsync(request.Wire());
        Assert.AreEqual(ExchangeOutcome.Correct, request.Classify(await client.ReadResponseAsync()));
        await sending.WithinDeadline();
    }
}
