using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Check;

[TestClass]
public sealed class CheckRequestTests
{
    [TestMethod]
    [DataRow("GET", "/api/tags", "allowed by GET,HEAD /api/tags (@seed)")]
    [DataRow("GET", "/api/tags?x=1", "allowed by GET,HEAD /api/tags (@seed)")]
    [DataRow("GET", "/v1/models/qwen2.5-coder:32b", "allowed by GET,HEAD /v1/models/{model} (@seed)")]
    [DataRow("GET", "http://box:11434/api/tags", "allowed by GET,HEAD /api/tags (@seed)")]
    [DataRow("GET", "http://u:p@mac.example.ts.net/api/tags?x=/", "allowed by GET,HEAD /api/tags (@seed)")]
    public async Task AllowedRequest_IsCode0_AndNamesTheRule(string method, string path, string said)
    {
        Answer answer = await Words.CheckAsync(method, path);
        Assert.AreEqual(0, answer.Code, answer.Out);
        Assert.Contains($"\n  {said}", answer.Out);
    }

    [TestMethod]
    [DataRow(
        "POST",
        "/api/pull",
        "no rule has this path",
        "HTTP/1.1 403 Refused by FastGate: POST /api/pull is not on the allowlist; if the model is already installed",
        "ollama pull on the machine that runs Ollama"
    )]
    [DataRow(
        "DELETE",
        "/api/tags",
        "none with this method",
        "HTTP/1.1 403 Refused by FastGate: DELETE /api/tags is not on the allowlist; only GET and HEAD "
            + "are allowed on this path",
        "{\"error\":\"FastGate refused DELETE /api/tags"
    )]
    [DataRow(
        "get",
        "/api/tags",
        "clients send GET",
        "HTTP/1.1 403 Refused by FastGate: get /api/tags is not",
        "{\"error\":\""
    )]
    [DataRow(
        "GET",
        "/api//tags",
        "fault-target-empty-segment",
        "HTTP/1.1 400 Refused by FastGate: the path has an empty segment",
        "remove the slash at the end of the client's base URL"
    )]
    [DataRow(
        "GET",
        "/api/../tags",
        "fault-target-dot-segment",
        "HTTP/1.1 400 Refused by FastGate: the ",
        "a . or .. segment"
    )]
    [DataRow(
        "GET",
        "api/tags",
        "fault-target-form",
        "HTTP/1.1 400 Refused by FastGate: the ",
        "must be a path that begins with /"
    )]
    [DataRow("GET", "/ä", "fault-target-byte", "HTTP/1.1 400 Refused by FastGate: the ", "percent-encode it")]
    [DataRow(
        "GET",
        "http://evil.example.com/api/tags",
        "the host is not one of",
        "HTTP/1.1 403 Refused by FastGate: the host \"evil.example.com\" is not one of its names",
        "add \\\"evil.example.com\\\" to \\\"hosts\\\""
    )]
    [DataRow("GET", "https://box/api/tags", "fault-client-spoke-tls", "connection closed, without a reply", "https")]
    [DataRow(
        "POST",
        "/v1/v1/messages",
        "no rule has this path",
        "\"type\":\"permission_error\"",
        "must not end in /v1"
    )]
    [DataRow(
        "GET",
        "http://box",
        "no rule has this path",
        "HTTP/1.1 403 Refused by FastGate: GET / is not",
        "FastGate refused GET /"
    )]
    [DataRow(
        "GET",
        "http://box?x",
        "no rule has this path",
        "HTTP/1.1 403 Refused by FastGate: GET / is not",
        "FastGate refused GET /"
    )]
    public async Task RefusedRequest_IsCode1_AndShowsWhatTheClientSees(
        string method,
        string path,
        string why,
        string reply,
        string sentence
    )
    {
        Answer answer = await Words.CheckAsync(method, path);
        Assert.AreEqual(1, answer.Code, answer.Out);
        foreach (string part in (string[])["  refused (", why, reply, sentence])
            Assert.Contains(part, answer.Out);
    }

    [TestMethod]
    public async Task WholeAnswer_IsReadAtOnce()
    {
        const string Expected = """
            tailscale:11434  GET /api/ps
              refused (no rule has this path)
              The client sees:
                HTTP/1.1 403 Refused by FastGate: GET /api/ps is not on the allowlist; to allow it, add "@clients" to "allow" in fastgate.json
                Content-Type: application/json
                Content-Length: 130

                {"error":"FastGate refused GET /api/ps: it is not on the allowlist; to allow it, add \"@clients\" to \"allow\" in fastgate.json."}
            """;
        Assert.AreEqual(Expected.ReplaceLineEndings("\n"), (await Words.CheckAsync("GET", "/api/ps")).Out);
    }

    [TestMethod]
    public async Task HeadRequest_SeesNoContent() =>
        Assert.DoesNotContain("{", (await Words.CheckAsync("HEAD", "/api/ps")).Out);

    [TestMethod]
    public async Task QuotedRequest_IsUnderstood() =>
        Assert.AreEqual(0, (await Words.CheckAsync("GET /api/tags")).Code);

    [TestMethod]
    public async Task OneListenerThatAllows_IsEnough()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "two.json");
        await File.WriteAllTextAsync(
            file,
            """{"listen": ["127.0.0.1:1", {"on": "127.0.0.1:2", "allow": ["GET /x"]}]}"""
        );
        Answer answer = await Words.RunAsync("check", "--config", file, "GET", "/x");
        Assert.AreEqual(0, answer.Code);
        Assert.Contains("127.0.0.1:1  GET /x\n  refused", answer.Out);
        Assert.Contains("127.0.0.1:2  GET /x\n  allowed by GET /x (line 1)", answer.Out);
    }

    [TestMethod]
    [DataRow("The method is missing: fastgate check GET /api/tags", "/api/tags")]
    [DataRow("The path is missing: fastgate check GET /api/tags", "GET")]
    [DataRow("There is no request in this", "")]
    [DataRow("There is no request in this", "", "/")]
    [DataRow("A line end cannot be in a request line", "GET", "/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task WordsThatAreNoRequest_AreCode2(string error, params string[] words)
    {
        Answer answer = await Words.CheckAsync(words);
        Assert.AreEqual(2, answer.Code);
        Assert.StartsWith(error, answer.Error);
    }
}
