using System.Text;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>An upstream sends bytes before any request: they must not be taken for a response.</summary>
[TestClass]
public sealed class UnsolicitedResponseTests
{
    private const string Evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

    [TestMethod, BothBackends]
    public async Task OnAPersistentConnection_IsNotTheNextResponse(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        (RawClient client, RawConnection upstream) = await scene.ConnectThroughAsync();
        await upstream.SendAsync(Evil);
        await Census.TakeAsync(scene.Gate.Gate);
        await client.SendAsync(Scene.Get);
        RawConnection fresh = await scene.NextUpstreamAsync();
        await fresh.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
    }

    [TestMethod, BothBackends]
    public async Task OnAReadyConnection_IsNotTheFirstResponse(Way way)
    {
        using PrematureUpstream upstream = new(Encoding.ASCII.GetBytes(Evil));
        await using RunningGate gate = await RunningGate.StartAsync(upstream.Endpoint, way, ["@seed"]);
        await Census.UntilAsync(
            gate.Gate,
            _ => gate.Gate.Workers[0].Pool.ReadyConnections > 0 && upstream.PrematureResponses > 0
        );
        upstream.RespondNormally();
        await Census.TakeAsync(gate.Gate);
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        Assert.AreEqual("ok", (await client.ExchangeAsync(Scene.Get)).Text);
    }
}
