using System.Text;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Replay;

/// <summary>Recorded requests of real clients, on the same connections as recorded.</summary>
[TestClass]
public sealed class ReplayTests
{
    [TestMethod]
    public void EveryCapture_HasItsExpectedStatus() =>
        CollectionAssert.AreEquivalent(
            ExpectedStatuses.Names.ToArray(),
            Captures.All.Select(capture => capture.Name).ToArray()
        );

    [TestMethod, EveryWay]
    public Task WithSeed_EachGetsItsResponse(Way way) => Check(way, ExpectedStatuses.Seed, "@seed");

    [TestMethod, EveryWay]
    public Task WithClients_EachGetsItsResponse(Way way) => Check(way, ExpectedStatuses.Clients, "@seed", "@clients");

    private static async Task Check(Way way, Func<Capture, int> throughGate, params string[] allow)
    {
        await using var standIn = await StandInOllama.StartAsync();
        await using var entrance = await Entrance.OpenAsync(way, standIn.Endpoint, allow);
        var statusOf = way == Way.Direct ? ExpectedStatuses.Direct : throughGate;
        var arrived = new List<Capture>();
        foreach (var connection in Captures.Connections)
        {
            await ReplayAsync(entrance, connection, statusOf);
            // Through a gate, every status except 200 and Ollama's own 404 comes from the gate.
            arrived.AddRange(
                connection.Where(capture =>
                    way == Way.Direct ? statusOf(capture) != ExpectedStatuses.None : statusOf(capture) is 200 or 404
                )
            );
        }
        await AssertArrivedAsync(arrived, standIn.Received.All);
    }

    private static async Task ReplayAsync(
        Entrance entrance,
        IReadOnlyList<Capture> connection,
        Func<Capture, int> statusOf
    )
    {
        var client = await RawClient.ConnectAsync(entrance.Endpoint);
        try
        {
            foreach (var capture in connection)
            {
                if (statusOf(capture) == ExpectedStatuses.None)
                {
                    await client.SendAsync(capture.Head);
                    StringAssert.DoesNotMatch(
                        Encoding.Latin1.GetString(await client.Connection.ReadToEndAsync()),
                        new("^HTTP/1")
                    );
                    return;
                }
                var response = await ExchangeAsync(client, capture);
                Assert.AreEqual(statusOf(capture), response.Status, capture.Name);
                // A refusal without content must not close the connection (Claude Code sends a POST after one).
                if (response.Status == 403 && !capture.HasContent)
                    Assert.IsFalse(response.Closes, $"{capture} was closed.");
                if (!response.Closes)
                    continue;
                client.Dispose();
                client = await RawClient.ConnectAsync(entrance.Endpoint);
            }
        }
        finally
        {
            client.Dispose();
        }
    }

    /// <summary>
    /// Sends as the recorded client did: a client that expects 100 Continue sends its content only after the 100.
    /// </summary>
    private static async Task<RawResponse> ExchangeAsync(RawClient client, Capture capture)
    {
        if (!capture.Expects)
            return await client.ExchangeAsync(capture.Head + capture.Content);
        await client.SendAsync(capture.Head);
        var first = await client.ReadResponseAsync();
        return first.Status == 100 ? await client.ExchangeAsync(capture.Content) : first;
    }

    private static async Task AssertArrivedAsync(IReadOnlyList<Capture> expected, IReadOnlyList<ReceivedRequest> seen)
    {
        CollectionAssert.AreEqual(
            expected.Select(capture => $"{capture.Method} {capture.Target}").ToArray(),
            seen.Select(one => one.Line).ToArray()
        );
        foreach (var (capture, one) in expected.Zip(seen))
            Assert.AreEqual(Hash.OfLatin1(capture.Text), (await one.Content).Sha256, $"content of {capture}");
    }
}
