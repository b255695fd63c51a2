using System.Net;
using FastGate.Host;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Host;

/// <summary>Any program may respond to a probe. A charset that .NET does not know once ended <c>status</c>.</summary>
[TestClass]
public sealed class HttpProbeTests
{
    private const string Path = "/api/generate";

    [TestMethod]
    public async Task UnknownCharset_IsReadAsUtf8()
    {
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        ollama.Overrides[Path] = StandInResponse.Whole(200, "text/html; charset=no-such-one", "größer");
        using HttpProbe probe = new();
        ProbeResponse? quick = await probe.SendAsync(ollama.Endpoint, "GET", Path);
        Assert.AreEqual((200, "größer"), (quick?.Status, quick?.Content));
        ProbeResponse response = await SendAsync(probe, ollama.Endpoint);
        Assert.AreEqual((200, "größer"), (response.Status, response.Content));
    }

    /// <summary>Where another program uses Ollama's port, starting Ollama does not help.</summary>
    [TestMethod]
    public async Task ConnectionThatIsAcceptedAndReset_IsNotARefusedConnection()
    {
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        ollama.Overrides[Path] = StandInResponse.Cut();
        using HttpProbe probe = new();
        ProbeResponse reset = await SendAsync(probe, ollama.Endpoint);
        Assert.AreEqual((0, true), (reset.Status, reset.IsAccepted));
        ProbeResponse refused = await SendAsync(probe, new IPEndPoint(IPAddress.Loopback, Ports.Free()));
        Assert.AreEqual((0, false), (refused.Status, refused.IsAccepted));
    }

    private static Task<ProbeResponse> SendAsync(HttpProbe probe, IPEndPoint endPoint) =>
        probe.SendAsync(new ProbeTarget(endPoint, "localhost"), "GET", Path, null, CancellationToken.None);
}
