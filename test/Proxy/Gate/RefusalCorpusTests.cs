using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Requests that real clients sent by mistake (<c>test/Corpus/refusals</c>), and the status and sentences of the gate's
/// reply.
/// </summary>
[TestClass]
public sealed class RefusalCorpusTests
{
    private const string Folder = "Corpus/refusals";

    [TestMethod]
    [DataRow(
        "websocket",
        426,
        "\r\nUpgrade: HTTP/1.1\r\nConnection: Upgrade\r\n",
        "send POST /v1/responses over plain HTTP/1.1"
    )]
    [DataRow(
        "websocket-many-options",
        426,
        "\r\nUpgrade: HTTP/1.1\r\nConnection: Upgrade\r\n",
        "\"code\":\"fastgate_refused\""
    )]
    [DataRow("websocket-over-http10", 403, "only POST is allowed on this path")]
    [DataRow("websocket-without-option", 403, "only POST is allowed on this path")]
    [DataRow("websocket-where-nothing-is-open", 403, "Ollama has no such route")]
    [DataRow("upgrade-to-h2c", 403, "only POST is allowed on this path")]
    [DataRow("name-of-the-house", 200)]
    [DataRow(
        "name-of-an-internet-host",
        403,
        "to accept it, add \\\"ollama.example.com\\\" to \\\"hosts\\\" in fastgate.json"
    )]
    [DataRow(
        "get-where-post-is-meant",
        403,
        "HTTP/1.1 403 Refused by FastGate: GET /api/show is not on the allowlist; only POST is allowed on "
            + "this path; if the client sent POST, a redirect"
    )]
    [DataRow("delete-where-get-is-meant", 403, "only GET and HEAD are allowed on this path.\"")]
    [DataRow("prefix", 403, "is not on the allowlist; remove \"/ollama\" from the client's base URL\r\n")]
    [DataRow(
        "whole-route-in-the-base-url",
        403,
        "remove \\\"/chat/completions\\\" from the client's base URL",
        "\"code\":\"fastgate_refused\""
    )]
    [DataRow(
        "base-url-ends-in-a-slash",
        400,
        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"FastGate "
            + "refused this request for //v1/messages: "
            + "the path has an empty segment (two consecutive slashes, or a slash at the end); remove the slash "
            + "at the end of the client's base URL.\"}}"
    )]
    [DataRow(
        "base-url-with-version-and-slash",
        400,
        "remove the slash at the end of the client's base URL.",
        "\"code\":\"fastgate_refused\""
    )]
    [DataRow(
        "proxy-protocol",
        400,
        "begins with a PROXY protocol header",
        "remove send-proxy from the server line",
        "tailscale serve without --proxy-protocol"
    )]
    [DataRow(
        "proxy-protocol-binary",
        400,
        "begins with a PROXY protocol header",
        "remove send-proxy from the server line",
        "tailscale serve without --proxy-protocol"
    )]
    [DataRow(
        "model-with-slashes",
        403,
        "Ollama's GET /v1/models/{model} does not accept a name with a slash: use GET "
            + "/v1/models for the list, or POST /api/show for one model"
    )]
    [DataRow(
        "gemini",
        403,
        "this is Google's Gemini API, which Ollama does not support",
        "\"code\":\"fastgate_refused\""
    )]
    public async Task Mistake_GetsAHelpfulResponse(string name, int status, params string[] parts)
    {
        await using Scene scene = await Scene.StartAsync(Way.Epoll);
        RawClient client = await scene.ConnectAsync();
        await client.Connection.SendAsync(
            await File.ReadAllBytesAsync($"{AppContext.BaseDirectory}/{Folder}/{name}.http")
        );
        if (status == 200)
            await (await scene.NextUpstreamAsync()).RespondAsync();
        client.Connection.FinishSending();
        string reply = Encoding.UTF8.GetString(await client.Connection.ReadToEndAsync());
        Assert.StartsWith($"HTTP/1.1 {status} ", reply);
        foreach (string part in parts)
            Assert.Contains(part, reply);
        Assert.IsEmpty(reply.Split("\r\n")[0].Where(letter => letter is < ' ' or > '~'));
    }

    [TestMethod]
    public void EveryMistake_IsTried() =>
        Assert.HasCount(
            Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, Folder)).Length,
            typeof(RefusalCorpusTests)
                .GetMethod(nameof(Mistake_GetsAHelpfulResponse))!
                .GetCustomAttributes(typeof(DataRowAttribute), false)
        );
}
