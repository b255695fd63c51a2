using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.StandIn;

/// <summary>
/// The stand-in and Go's server keep an HTTP/1.0 connection open on request, and the gate keeps the client's open.
/// </summary>
[TestClass]
public sealed class Http10Tests
{
    private const string Kept = "GET /api/version HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n";

    [TestMethod]
    public async Task Connection_IsKeptWithAndWithoutAGate()
    {
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        await using RunningGate gate = await RunningGate.StartAsync(ollama.Endpoint, Way.Epoll, ["@seed"]);
        foreach (var endpoint in (System.Net.IPEndPoint[])[ollama.Endpoint, gate.Endpoint])
        {
            using RawClient client = await RawClient.ConnectAsync(endpoint);
            for (int i = 0; i < 3; i++)
            {
                RawResponse response = await client.ExchangeAsync(Kept);
                Assert.AreEqual((200, "keep-alive"), (response.Status, response.Field("Connection")));
            }
            await client.SendAsync(Kept.Replace("Connection: keep-alive\r\n", "", StringComparison.Ordinal));
            Assert.AreEqual(200, (await client.ReadResponseAsync()).Status);
            client.Connection.FinishSending();
            Assert.AreEqual("", Encoding.Latin1.GetString(await client.Connection.ReadToEndAsync()));
        }
    }
}
