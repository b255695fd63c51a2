using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class OllamaRoutesTests
{
    [TestMethod]
    [DataRow("POST /api/pull", "/api/pull")]
    [DataRow("POST /%61pi/pull", "/api/pull")]
    [DataRow("POST /api/%70%75ll", "/api/pull")]
    [DataRow("DELETE /api/{x}", "/api/delete")]
    [DataRow("HEAD /api/blobs/sha256:aa", "/api/blobs/{digest}")]
    [DataRow(
        "DELETE /{all...}",
        "/api/delete|/api/user/keys/{key}|/api/experimental/aliases|/debug/pprof|/debug/pprof/{profile...}"
    )]
    [DataRow("DELETE /api/user/{rest...}", "/api/user/keys/{key}")]
    [DataRow("PUT /debug/pprof/heap", "/debug/pprof/{profile...}")]
    [DataRow("GET /{a}/{b}/{c}/{d}", "/debug/pprof/{profile...}")]
    [DataRow("GET /api/experimental/{x}", "/api/experimental/aliases")]
    [DataRow("POST /api/me", "/api/me")]
    [DataRow("GET /api/pull", "")]
    [DataRow("POST /api/chat", "")]
    [DataRow("POST /API/pull", "")]
    [DataRow("POST /api/pull/x", "")]
    [DataRow("GET /debug", "")]
    public void Rule_AllowsTheseManagementRoutes(string rule, string paths) =>
        Assert.AreEqual(
            paths,
            string.Join('|', OllamaRoutes.ManagementOpenedBy(Rule.Parse(rule)).Select(route => route.Rule.Path))
        );

    [TestMethod]
    [DataRow("POST /slots/0", "/slots/{slot}")]
    [DataRow("GET /{x}", "/slots|/props|/lora-adapters|/metrics|/tools|/cors-proxy")]
    [DataRow("PUT /cors-proxy", "/cors-proxy")]
    [DataRow("POST /%74ools", "/tools")]
    [DataRow("POST /models/{x...}", "/models/load|/models/unload")]
    [DataRow("POST /models", "/models")]
    [DataRow("GET /v1/{x...}", "/v1/streams|/v1/stream/{conversation}")]
    [DataRow("POST /v1/chat/{x...}", "/v1/chat/completions/control")]
    [DataRow("GET /models", "")]
    [DataRow("GET /v1/models", "")]
    [DataRow("POST /v1/rerank", "")]
    [DataRow("GET /health", "")]
    public void Rule_AllowsTheseManagementRoutesOfLlamaCpp(string rule, string paths) =>
        Assert.AreEqual(
            paths,
            string.Join('|', LlamaRoutes.ManagementOpenedBy(Rule.Parse(rule)).Select(route => route.Rule.Path))
        );

    [TestMethod]
    public void Routes_AreAllDifferent()
    {
        RuleSet rules = RuleSet.Compile([.. OllamaRoutes.All.Concat(LlamaRoutes.All).Select(route => route.Rule)]);
        Assert.IsEmpty(rules.Warnings);
    }
}
