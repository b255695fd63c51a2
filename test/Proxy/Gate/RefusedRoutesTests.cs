using System.Text;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Rules;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

[TestClass]
public sealed class RefusedRoutesTests
{
    private static readonly RuleSet Rules = RuleSet.Compile(AllowList.Expand(["@seed"]).Rules);

    private readonly RefusedRoutes _refused = new();

    [TestMethod]
    public void Route_HasItsCountAndCure()
    {
        Add("POST", "/api/chat", times: 3);
        Add("DELETE", "/api/blobs/sha256:1");
        Add("HEAD", "/api/blobs/sha256:2");
        Add("HEAD", "/api/blobs/sha256:3");
        Add("POST", "/v1/v1/messages", times: 2);
        Assert.AreEqual(
            """
            POST /api/chat 3 to allow it, add "@clients" to "allow" in fastgate.json
            HEAD /api/blobs/{digest} 2 no profile allows this, since it manages models, keys or the server: do it on the machine that runs Ollama
            POST /v1/v1/messages 2 the client's base URL must not end in /v1: remove /v1 from it
            DELETE /api/blobs/sha256:1 1 this path accepts POST, not DELETE; no profile allows this, since it manages models, keys or the server: do it on the machine that runs Ollama
            """,
            string.Join('\n', Top().Select(route => $"{route.Method} {route.Path} {route.Count} {route.Cure}"))
        );
        Assert.IsTrue(Top().All(route => route.Count == route.CountMax));
    }

    [TestMethod]
    public void KnownRoute_IsNotDisplacedByAFlood()
    {
        const int flood = 100 * RefusedRoutes.CountersMax;
        Add("POST", "/api/generate", times: 2);
        for (int i = 0; i < flood; i++)
            Add("GET", $"/{i}");
        Add("POST", "/v1/v1/messages", times: 3);
        IReadOnlyList<RefusedRoute> top = Top();
        Assert.HasCount(RefusedRoutes.RoutesMax, top);
        Assert.AreEqual("/v1/v1/messages 3", $"{top[0].Path} {top[0].Count}", "what occurs often after it is seen");
        Assert.IsGreaterThan(3, top[0].CountMax);
        Assert.AreEqual("/api/generate 2 2", $"{top[1].Path} {top[1].Count} {top[1].CountMax}");
        foreach (RefusedRoute route in top.Skip(2))
            Assert.AreEqual(1, route.Count, "of an invented path only one request is certain");
    }

    [TestMethod]
    public void LoopsAreCombined()
    {
        Add("POST", "/api/chat");
        RefusedRoutes second = new();
        second.Add(0, "POST"u8, "/api/chat"u8);
        second.Add(0, "GET"u8, "/x"u8);
        Assert.AreEqual(
            "/api/chat 2, /x 1",
            string.Join(
                ", ",
                RefusedRoutes
                    .Top([_refused.Read(), second.Read()], [Rules])
                    .Select(route => $"{route.Path} {route.Count}")
            )
        );
    }

    [TestMethod]
    public void EveryKnownRequest_HasItsOwnCounter()
    {
        for (int i = 0; i < KnownCures.Count; i++)
        {
            Rule rule = KnownCures.At(i).Rule;
            foreach (string method in rule.Methods)
            {
                string path = rule.Path.Replace("...}", "}", StringComparison.Ordinal);
                Assert.IsGreaterThanOrEqualTo(
                    0,
                    KnownCures.NumberOf(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(path)),
                    $"{method} {path}"
                );
                Add(method, path);
            }
        }
        Assert.IsTrue(_refused.Read().All(count => count.CountMin == count.CountMax));
    }

    [TestMethod, BothBackends]
    public async Task RefusedRequest_IsListed_UntilAReloadAllowsIt(Way way)
    {
        await using Scene scene = await Scene.StartAsync(way);
        RawClient client = await scene.ConnectAsync();
        Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
        Assert.AreEqual(403, (await client.ExchangeAsync("DELETE /api/version HTTP/1.1\r\nHost: gate\r\n\r\n")).Status);
        Assert.AreEqual(
            403,
            (await client.ExchangeAsync("GET /api/version HTTP/1.1\r\nHost: a.example\r\n\r\n")).Status
        );
        GateSnapshot counted = await scene.Gate.CountsAsync(exchanges: 3);
        Assert.AreEqual("GET /api/ps, DELETE /api/version", Describe(counted), "a refused host is no refused route");
        scene.Gate.Gate.Apply([RunningGate.Policy(scene.Upstream.Endpoint, ["GET /api/ps", "GET /api/version"])]);
        Assert.AreEqual("DELETE /api/version", Describe(await scene.Gate.Gate.TakeSnapshotAsync()));
    }

    private static string Describe(GateSnapshot gate) =>
        string.Join(", ", gate.RefusedRoutes.Select(route => $"{route.Method} {route.Path}"));

    private IReadOnlyList<RefusedRoute> Top() => RefusedRoutes.Top([_refused.Read()], [Rules]);

    private void Add(string method, string path, int times = 1)
    {
        for (int i = 0; i < times; i++)
            _refused.Add(0, Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(path));
    }
}
