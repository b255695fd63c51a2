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
    public async Task AllowedRequest_IsCode0_AndNamesTheRule(string method, string path, string expected)
    {
        CliResult result = await Cli.CheckAsync(method, path);
        Assert.AreEqual(0, result.Code, result.Out);
        Assert.Contains($"\n  {expected}", result.Out);
    }

    [TestMethod]
    [DataRow(
        "POST",
        "/api/pull",
        "no rule matches this path",
        "HTTP/1.1 403 Refused by FastGate: POST /api/pull is not on the allowlist; if the model is already installed",
        "ollama pull on the machine that runs Ollama"
    )]
    [DataRow(
        "DELETE",
        "/api/tags",
        "but not this method",
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
    [DataRow("GET", "https://box/api/tags", "fault-client-spoke-tls", "connection close without a response", "https")]
    [DataRow(
        "POST",
        "/v1/v1/messages",
        "no rule matches this path",
        "\"type\":\"permission_error\"",
        "must not end in /v1"
    )]
    [DataRow(
        "GET",
        "http://box",
        "no rule matches this path",
        "HTTP/1.1 403 Refused by FastGate: GET / is not",
        "FastGate refused GET /"
    )]
    [DataRow(
        "GET",
        "http://box?x",
        "no rule matches this path",
        "HTTP/1.1 403 Refused by FastGate: GET / is not",
        "FastGate refused GET /"
    )]
    public async Task RefusedRequest_IsCode1_AndShowsWhatTheClientSees(
        string method,
        string path,
        string reason,
        string reply,
        string sentence
    )
    {
        CliResult result = await Cli.CheckAsync(method, path);
        Assert.AreEqual(1, result.Code, result.Out);
        foreach (string part in (string[])["  refused (", reason, reply, sentence])
            Assert.Contains(part, result.Out);
    }

    [TestMethod]
    public async Task WholeOutput_IsReadable()
    {
        const string Expected = """
            tailscale:11434  GET /api/ps
              refused (no rule matches this path)
              The client sees:
                HTTP/1.1 403 Refused by FastGate: GET /api/ps is not on the allowlist; to allow it, add "@clients" to "allow" in fastgate.json
                Content-Type: application/json
                Content-Length: 130

                {"error":"FastGate refused GET /api/ps: it is not on the allowlist; to allow it, add \"@clients\" to \"allow\" in fastgate.json."}
            """;
        Assert.AreEqual(Expected.ReplaceLineEndings("\n"), (await Cli.CheckAsync("GET", "/api/ps")).Out);
    }

    [TestMethod]
    public async Task HeadRequest_ShowsNoContent() =>
        Assert.DoesNotContain("{", (await Cli.CheckAsync("HEAD", "/api/ps")).Out);

    [TestMethod]
    public async Task QuotedRequest_IsAccepted() => Assert.AreEqual(0, (await Cli.CheckAsync("GET /api/tags")).Code);

    [TestMethod]
    public async Task AllowedByOneListener_IsCode0()
    {
        string file = Path.Combine(AppContext.BaseDirectory, "two.json");
        await File.WriteAllTextAsync(
            file,
            """{"listen": ["127.0.0.1:1", {"on": "127.0.0.1:2", "allow": ["GET /x"]}]}"""
        );
        CliResult result = await Cli.RunAsync("check", "--config", file, "GET", "/x");
        Assert.AreEqual(0, result.Code);
        Assert.Contains("127.0.0.1:1  GET /x\n  refused", result.Out);
        Assert.Contains("127.0.0.1:2  GET /x\n  allowed by GET /x (line 1)", result.Out);
    }

    [TestMethod]
    [DataRow("fastgate check: the method is missing; write: fastgate check GET /api/tags", "/api/tags")]
    [DataRow("fastgate check: the path is missing; write: fastgate check GET /api/tags", "GET")]
    [DataRow("fastgate check: the method or the path is empty", "")]
    [DataRow("fastgate check: the method or the path is empty", "", "/")]
    [DataRow("fastgate check: a request line cannot contain a line break", "GET", "/ HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task InvalidRequestArguments_AreCode2(string error, params string[] arguments)
    {
        CliResult result = await Cli.CheckAsync(arguments);
        Assert.AreEqual(2, result.Code);
        Assert.StartsWith(error, result.Error);
    }
}
