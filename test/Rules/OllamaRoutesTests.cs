using System.Text;
using FastGate.Rules;

namespace FastGate.Test.Rules;

[TestClass]
public sealed class OllamaRoutesTests
{
    [TestMethod]
    [DataRow("POST /api/pull", "/api/pull")]
    [DataRow("POST /%61pi/pull", "/api/pull")]
    [DataRow("POST /api/%70%75ll", "/api/pull")]
    [DataRow("DELETE /api/{x}", "/api/delete")]
    [DataRow("HEAD /api/blobs/sha256:aa", "/api/blobs/{digest}")]
    [DataRow("DELETE /{all...}", "/api/delete|/api/user/keys/{key}|/debug/pprof|/debug/pprof/{profile...}")]
    [DataRow("DELETE /api/user/{rest...}", "/api/user/keys/{key}")]
    [DataRow("PUT /debug/pprof/heap", "/debug/pprof/{profile...}")]
    [DataRow("GET /{a}/{b}/{c}/{d}", "/debug/pprof/{profile...}")]
    [DataRow("GET /api/pull", "")]
    [DataRow("POST /api/chat", "")]
    [DataRow("POST /API/pull", "")]
    [DataRow("POST /api/pull/x", "")]
    [DataRow("GET /debug", "")]
    public void Rule_OpensTheseManagementRoutes(string rule, string paths) =>
        Assert.AreEqual(paths,
            string.Join('|', OllamaRoutes.ManagementOpenedBy(Rule.Parse(rule)).Select(route => route.Rule.Path)));

    [TestMethod]
    [DataRow("POST", "/v1/v1/messages", "must not end in /v1")]
    [DataRow("GET", "/v1/v1", "must not end in /v1")]
    [DataRow("GET", "/v1/api/tags", "must not end in /v1")]
    [DataRow("POST", "/chat/completions", "must end in /v1")]
    [DataRow("POST", "/v1/chat/completions", "add \"@seed\" to \"allow\"")]
    [DataRow("POST", "/api/chat", "add \"@clients\" to \"allow\"")]
    [DataRow("HEAD", "/", "add \"@clients\" to \"allow\"")]
    [DataRow("HEAD", "/api/hello", "add \"@claude-code\" to \"allow\"")]
    [DataRow("POST", "/api/me", "add \"@ollama-cli\" to \"allow\"")]
    [DataRow("OPTIONS", "/api/chat", "add \"@browser\" to \"allow\"")]
    [DataRow("OPTIONS", "/v1/models/qwen", "add \"@browser\" to \"allow\"")]
    [DataRow("GET", "/api/status", "add \"GET /api/status\" to \"allow\"")]
    [DataRow("POST", "/api/pull", "no profile opens this, since it manages")]
    [DataRow("POST", "/%61pi/pull", "no profile opens this, since it manages")]
    [DataRow("HEAD", "/api/blobs/sha256:aa", "no profile opens this, since it manages")]
    [DataRow("GET", "/debug/pprof/heap", "no profile opens this, since it manages")]
    public void RefusedRequest_HasItsCure(string method, string path, string part) =>
        StringAssert.Contains(Cure(method, path), part);

    [TestMethod]
    [DataRow("GET", "/unknown")]
    [DataRow("GET", "/v1")]
    [DataRow("GET", "/api/pull")]
    [DataRow("", "")]
    public void OtherRequest_HasNoCure(string method, string path) => Assert.AreEqual("", Cure(method, path));

    [TestMethod]
    public void EveryRoute_HasACure()
    {
        foreach (OllamaRoute route in OllamaRoutes.All)
        {
            string path = string.Concat(route.Rule.Segments.Select(segment => $"/{segment.Text}"));
            path = path.Length == 0 ? "/" : path;
            foreach (string method in route.Rule.Methods)
                Assert.AreNotEqual("", Cure(method, path), $"{method} {path}");
        }
    }

    [TestMethod]
    public void Routes_AreAllDifferent()
    {
        RuleSet rules = RuleSet.Compile([.. OllamaRoutes.All.Select(route => route.Rule)]);
        Assert.IsEmpty(rules.Findings);
    }

    private static string Cure(string method, string path) =>
        Encoding.UTF8.GetString(OllamaRoutes.CureFor(Ascii.Bytes(method), Ascii.Bytes(path)));
}
