using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class ProfilesTests
{
    // Spelled out here, so that the test does not depend on the lists in OllamaRoutes and LlamaRoutes.
    private static readonly string[] ManagementPaths =
    [
        "/api/pull",
        "/api/push",
        "/api/create",
        "/api/copy",
        "/api/delete",
        "/api/blobs/sha256:aa",
        "/api/signout",
        "/api/user/keys/k",
        "/api/me",
        "/api/experimental/aliases",
        "/api/experimental/web_search",
        "/api/experimental/web_fetch",
        "/debug/pprof",
        "/debug/pprof/",
        "/debug/pprof/heap",
        "/debug/pprof/symbol",
        "/debug/pprof/cmdline",
        "/debug/pprof/profile",
        "/debug/pprof/trace",
        // llama.cpp's server.
        "/slots",
        "/slots/0",
        "/props",
        "/lora-adapters",
        "/metrics",
        "/models/load",
        "/models/unload",
        "/models/sse",
        "/tools",
        "/cors-proxy",
        "/v1/streams",
        "/v1/stream/c",
        "/v1/chat/completions/control",
        "/predict",
    ];

    [TestMethod]
    public void NoProfile_AllowsAManagementRoute()
    {
        foreach (string name in Profiles.Names)
        {
            IReadOnlyList<Rule> rules = AllowList.Expand([name, Profiles.Browser]).Rules;
            RuleSet compiled = RuleSet.Compile(rules);
            Assert.IsEmpty(rules.SelectMany(OllamaRoutes.ManagementOpenedBy), name);
            Assert.IsEmpty(rules.SelectMany(LlamaRoutes.ManagementOpenedBy), name);
            foreach (string path in ManagementPaths)
            {
                foreach (string method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
                    Assert.IsFalse(compiled.Match(Ascii.Bytes(method), Ascii.Bytes(path)).Allowed, $"{name}: {path}");
            }
        }
    }

    [TestMethod]
    [DataRow(
        "@seed",
        "POST /v1/chat/completions|GET /v1/models|HEAD /v1/models|GET /v1/models/qwen2.5-coder:32b"
            + "|POST /v1/responses|POST /v1/messages|GET /api/version|HEAD /api/version|GET /api/tags|POST /api/show"
    )]
    [DataRow(
        "@clients",
        "HEAD /|GET /|HEAD /api/hello|GET /api/ps|POST /api/chat|POST /api/generate|POST /api/embed"
            + "|POST /api/embeddings|POST /v1/completions|POST /v1/embeddings|POST /v1/messages/count_tokens"
            + "|POST /v1/chat/completions"
    )]
    [DataRow("@claude-code", "HEAD /|HEAD /api/hello|POST /v1/messages|POST /v1/messages/count_tokens|GET /v1/models")]
    [DataRow("@codex", "GET /v1/models|GET /api/version|GET /api/tags|POST /v1/responses")]
    [DataRow("@aider", "POST /api/generate|POST /api/chat|POST /v1/chat/completions|POST /api/show|GET /api/tags")]
    [DataRow(
        "@continue",
        "POST /api/show|POST /api/chat|POST /api/generate|POST /api/embed|GET /api/tags" + "|POST /v1/chat/completions"
    )]
    [DataRow(
        "@ollama-cli",
        "HEAD /|GET /api/tags|GET /api/ps|POST /api/show|POST /api/chat|POST /api/generate"
            + "|GET /api/version|GET /api/status|GET /api/experimental/model-recommendations"
    )]
    [DataRow("@open-webui", "GET /api/tags|GET /api/ps|GET /api/version|POST /api/chat|POST /api/generate")]
    [DataRow("@zed", "GET /api/tags|POST /api/show|POST /api/chat")]
    [DataRow("@cline", "GET /api/tags|POST /api/chat")]
    [DataRow("@vscode", "GET /api/version|GET /api/tags|POST /api/show|POST /v1/chat/completions")]
    [DataRow(
        "@llama-cpp",
        "GET /health|HEAD /health|GET /v1/health|GET /v1/models|HEAD /v1/models|POST /v1/chat/completions"
            + "|POST /v1/completions|POST /v1/responses|POST /v1/messages|POST "
            + "/v1/messages/count_tokens|POST /v1/embeddings|POST /v1/rerank"
    )]
    public void Profile_AllowsItsClientsRequests(string profile, string requests)
    {
        foreach (string request in requests.Split('|'))
            Check(profile, request, allowed: true);
    }

    [TestMethod]
    [DataRow("@seed", "POST /api/chat")]
    [DataRow("@seed", "HEAD /")]
    [DataRow("@clients", "GET /api/hello")]
    [DataRow("@ollama-cli", "POST /api/me")]
    [DataRow("@llama-cpp", "POST /models")]
    [DataRow("@llama-cpp", "GET /v1/models/m")]
    [DataRow("@llama-cpp", "GET /props")]
    [DataRow("@clients", "POST /api/me")]
    [DataRow("@codex", "POST /api/pull")]
    [DataRow("@claude-code", "POST /v1/v1/messages")]
    [DataRow("@claude-code", "POST /api/event_logging/batch")]
    [DataRow("@claude-code", "OPTIONS /v1/messages")]
    [DataRow("@browser", "OPTIONS /api/tags")]
    public void Profile_RefusesOtherRequests(string profile, string request) => Check(profile, request, allowed: false);

    [TestMethod]
    public void OnlyTheNames_AreProfiles()
    {
        Assert.IsTrue(Profiles.Names.All(name => Profiles.TryGet(name, out _)));
        Assert.IsFalse(Profiles.TryGet("@Seed", out _));
        Assert.IsFalse(Profiles.TryGet("seed", out _));
        Assert.IsFalse(Profiles.TryGet("", out _));
    }

    private static void Check(string profile, string request, bool allowed)
    {
        RuleSet rules = RuleSet.Compile(AllowList.Expand([profile]).Rules);
        Assert.IsEmpty(rules.Warnings, profile);
        string[] parts = request.Split(' ');
        Assert.AreEqual(allowed, rules.Match(Ascii.Bytes(parts[0]), Ascii.Bytes(parts[1])).Allowed, request);
    }
}
