using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>Floods of requests: refused, allowed but unread, and cut into single bytes.</summary>
[TestClass]
public sealed class FloodTests
{
    [TestMethod, BothBackends]
    public async Task RefusedRequests_CostTheUpstreamNothing(Way way)
    {
        const int clients = 20,
            requests = 500;
        using TaggingUpstream upstream = new();
        await using RunningGate gate = await RunningGate.StartAsync(upstream.Endpoint, way, ["@seed"]);
        Tally tally = new();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => RefuseAsync(gate, requests, tally)));
        Assert.AreEqual(clients * requests, tally.Refused, tally.FirstFault);
        Assert.IsTrue(tally.IsClean, tally.FirstFault);
        Assert.AreEqual(0, upstream.Requests);
        Assert.AreEqual(0, upstream.Faults);
        Assert.IsLessThanOrEqualTo(4, upstream.Accepted, "Only ready connections.");
        await gate.WaitUntilEmptyAsync();
    }

    [TestMethod, BothBackends]
    public async Task PipelinedRequestsWhoseResponsesAreNotRead_StopTheirClient_AndLoseNothing(Way way)
    {
        const int requests = 20_000;
        using TaggingUpstream upstream = new();
        await using RunningGate gate = await RunningGate.StartAsync(upstream.Endpoint, way, ["@seed"]);
        // Small compared with the responses, but larger than two segments: below that, Linux sends five segments per
        // second.
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint, receiveBytes: 256 * 1024);
        string path = $"/v1/models/{new string('m', 600)}";
        CheckedRequest[] all =
        [
            .. Enumerable
                .Range(0, requests)
                .Select(i => new CheckedRequest("GET", path, new ResponsePlan(i, ResponseFraming.Length, 1000, 1000))),
        ];
        Task sending = client.Connection.SendWithoutDeadlineAsync(all.SelectMany(request => request.Wire()).ToArray());

        // Other clients are served meanwhile, and the flooding client is blocked by its own unread responses.
        await ServeOtherAsync(gate, 300);
        Assert.IsFalse(sending.IsCompleted);
        Assert.IsLessThan(requests, upstream.Requests);
        Assert.IsLessThanOrEqualTo(4, await gate.BuffersInUseAsync());

        foreach (CheckedRequest request in all)
            Assert.AreEqual(ExchangeOutcome.Correct, request.Classify(await client.ReadResponseAsync()));
        await sending.WithinDeadline();
        client.Dispose();
        await gate.WaitUntilEmptyAsync();
    }

    [TestMethod, BothBackends]
    public async Task ChunksOfOneByte_PassUnaltered_BothWays(Way way)
    {
        byte[] content = new byte[50_000];
        new Random(3).NextBytes(content);
        using TaggingUpstream upstream = new();
        await using RunningGate gate = await RunningGate.StartAsync(upstream.Endpoint, way, ["@seed"]);
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        CheckedRequest request = new("POST", "/api/show", new ResponsePlan(1, ResponseFraming.Chunked, 20_000, 1))
        {
            Content = content,
            ChunkBytes = 1,
        };
        Task sending = client.Connection.SendAsync(request.Wire());
        Assert.AreEqual(ExchangeOutcome.Correct, request.Classify(await client.ReadResponseAsync()));
        await sending.WithinDeadline();
    }

    private static async Task RefuseAsync(RunningGate gate, int requests, Tally tally)
    {
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        CheckedRequest[] all = [.. Enumerable.Range(0, requests).Select(i => Refused(i % 3, tally.NextId()))];
        Task sending = client.Connection.SendAsync(all.SelectMany(request => request.Wire()).ToArray());
        foreach (CheckedRequest request in all)
            tally.Count(
                request,
                request.Classify(await client.ReadResponseAsync()),
                excused: false,
                "refused differently"
            );
        await sending.WithinDeadline();
    }

    private static CheckedRequest Refused(int kind, long id) =>
        kind switch
        {
            0 => new CheckedRequest("POST", "/api/pull", new ResponsePlan(id, ResponseFraming.Length, 0, 1))
            {
                Status = 403,
                Content = Encoding.ASCII.GetBytes("{}"),
            },
            1 => new CheckedRequest("DELETE", "/v1/models/m", new ResponsePlan(id, ResponseFraming.Length, 0, 1))
            {
                Status = 403,
            },
            _ => new CheckedRequest("GET", "/api/tags", new ResponsePlan(id, ResponseFraming.Length, 0, 1))
            {
                Status = 403,
                Host = "evil.example",
            },
        };

    private static async Task ServeOtherAsync(RunningGate gate, int requests)
    {
        using RawClient other = await RawClient.ConnectAsync(gate.Endpoint);
        for (int i = 0; i < requests; i++)
        {
            CheckedRequest request = new(
                "GET",
                "/v1/models/other",
                new ResponsePlan(i, ResponseFraming.Length, 100, 100)
            );
            await other.Connection.SendAsync(request.Wire());
            Assert.AreEqual(ExchangeOutcome.Correct, request.Classify(await other.ReadResponseAsync()));
        }
    }
}
