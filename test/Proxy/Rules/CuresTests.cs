using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class CuresTests
{
    [TestMethod]
    // A rule or a profile helps.
    [DataRow("@codex", "POST /v1/chat/completions", "to allow it, add \"@seed\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "POST /api/chat", "to allow it, add \"@clients\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "HEAD /", "to allow it, add \"@clients\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "HEAD /api/hello", "to allow it, add \"@clients\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "GET /api/status", "to allow it, add \"@ollama-cli\" to \"allow\" in fastgate.json")]
    [DataRow(
        "@seed",
        "POST /v1/audio/transcriptions",
        "no profile allows this: add \"POST /v1/audio/transcriptions\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@zed",
        "HEAD /api/tags",
        "only GET is allowed on this path; to allow it, add \"@seed\" to \"allow\" in fastgate.json"
    )]
    // A preflight, on a path that is allowed or not.
    [DataRow(
        "@seed",
        "OPTIONS /api/tags",
        "only GET and HEAD are allowed on this path; to allow browsers, add \"@browser\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "OPTIONS /api/chat",
        "to allow browsers, add \"@clients\" and \"@browser\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "POST /mine",
        "OPTIONS /mine",
        "only POST is allowed on this path; to allow browsers, add \"@browser\" to \"allow\" in fastgate.json"
    )]
    // The wrong method.
    [DataRow(
        "@seed",
        "GET /api/show",
        "only POST is allowed on this path; if the client sent POST, a redirect turned it into GET: "
            + "correct the client's base URL"
    )]
    [DataRow(
        "@seed",
        "GET /v1/messages",
        "only POST is allowed on this path; if the client sent POST, a redirect turned it into GET: "
            + "correct the client's base URL"
    )]
    [DataRow("@seed", "DELETE /v1/models", "only GET and HEAD are allowed on this path")]
    [DataRow("@seed", "PUT /v1/chat/completions", "only POST is allowed on this path")]
    [DataRow("@seed", "POST /api/version", "only GET and HEAD are allowed on this path")]
    [DataRow("@seed", "get /api/tags", "only GET and HEAD are allowed on this path")]
    [DataRow(
        "@seed",
        "GET /api/chat",
        "this path accepts POST, not GET; to allow it, add \"@clients\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "GET,HEAD,PUT /mine",
        "POST /mine",
        "only GET, HEAD and PUT are allowed on this path; to allow this too, add \"POST /mine\" to "
            + "\"allow\" in fastgate.json"
    )]
    // Management routes.
    [DataRow(
        "@seed",
        "POST /api/pull",
        "if the model is already installed, use its name with the tag, such as NAME:latest (Codex: -m NAME:latest); "
            + "otherwise run ollama pull on the machine that runs Ollama, since no profile allows this"
    )]
    [DataRow(
        "@seed",
        "DELETE /api/delete",
        "no profile allows this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "HEAD /api/blobs/sha256:aa",
        "no profile allows this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "POST /%61pi/push",
        "no profile allows this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "GET /api/experimental/aliases",
        "no profile allows this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@ollama-cli",
        "POST /api/me",
        "no profile allows this, since it returns the link that signs the machine in: run ollama "
            + "signin on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "GET /debug/pprof/heap",
        "no profile allows this, since it exposes the memory of a server that has it (no Ollama release does)"
    )]
    // Routes that Ollama does not have.
    [DataRow(
        "@seed",
        "GET /v1/models/hf.co/maker/model:Q4",
        "Ollama's GET /v1/models/{model} does not accept a name with a slash: "
            + "use GET /v1/models for the list, or POST /api/show for one model"
    )]
    [DataRow(
        "@seed",
        "GET /v1/files",
        "Ollama has no such route: check the client's base URL; if another upstream has it, add "
            + "\"GET /v1/files\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "POST /v1beta/models/g:generateContent",
        "this is Google's Gemini API, which Ollama does not support: "
            + "configure the client for OpenAI, with a base URL that ends in /v1"
    )]
    [DataRow("@seed", "GET /*", "Ollama has no such route: check the client's base URL")]
    [DataRow("@seed", "GET /{x...}", "Ollama has no such route: check the client's base URL")]
    [DataRow("@seed", "GET /a/:b", "Ollama has no such route: check the client's base URL")]
    [DataRow(
        "@seed",
        "POST /v1/images/generations",
        "only Ollama 0.14.3 to 0.32.5 has this route; "
            + "to allow it, add \"POST /v1/images/generations\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "POST /v1/rerank",
        "Ollama has no such route; for llama.cpp's server as upstream, add \"@llama-cpp\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "POST /tools",
        "Ollama has no such route, and no profile allows it on llama.cpp's server, since it manages that server"
    )]
    // Another spelling of a path that is allowed, or that a profile allows.
    [DataRow("@seed", "GET /%61pi/tags", "send the path without percent-encoding, as \"/api/tags\"")]
    [DataRow(
        "@seed",
        "POST /api/%63hat",
        "to allow it, add \"@clients\" to \"allow\" in fastgate.json; send the path without "
            + "percent-encoding, as \"/api/chat\""
    )]
    [DataRow("@zed", "GET /v1/models/qwen%3A8b", "to allow it, add \"@seed\" to \"allow\" in fastgate.json")]
    public void RefusedRequest_HasItsCure(string allow, string request, string cure) =>
        RefusedRequest.Check(allow, request, cure);

    [TestMethod]
    public void Cure_AllocatesNothing()
    {
        RuleSet rules = RuleSet.Compile(AllowList.Expand(["@seed"]).Rules);
        byte[][] paths =
        [
            .. (
                (string[])
                    [
                        "/api/show",
                        "/ollama/api/tags",
                        "/v1/files",
                        "/%61pi/tags",
                        "/v1/models/a/b",
                        "/chat",
                        "/a/b/c/d/e/f/g/h/i/j",
                    ]
            ).Select(Ascii.Bytes),
        ];
        Span<byte> to = stackalloc byte[Cures.BytesMax];
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] path in paths)
                Assert.IsTrue(Cures.Write(to, rules, "GET"u8, path) > 0);
            if (round > 0)
                Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [TestMethod]
    public void LongestPath_HasACure() =>
        Assert.AreEqual(
            "Ollama has no such route: check the client's base URL",
            RefusedRequest.CureOf(["@seed"], "GET", string.Concat(Enumerable.Repeat("/a", 4000)))
        );
}
