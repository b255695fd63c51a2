using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FastGate.Commands.Demo;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Commands.Demo;

// Inside the namespace, so that it takes precedence over the tests' own FastGate.Test.StandIn.
using StandIn = FastGate.Commands.Demo.StandIn;

[TestClass]
public sealed partial class StandInTests
{
    [TestMethod]
    [DataRow("GET /", 200, "Ollama is running")]
    [DataRow("GET /api/version", 200, "\"version\":\"0.12.0-demo\"")]
    [DataRow("GET /api/tags", 200, "\"models\":[{\"name\":\"demo:latest\"")]
    [DataRow("GET /v1/models", 200, "\"object\":\"list\"")]
    [DataRow("POST /api/pull", 200, "\"status\":\"success\"")]
    [DataRow("POST /%61pi/pull", 200, "\"status\":\"success\"")]
    [DataRow("DELETE /api/delete", 200, "\"status\":\"success\"")]
    [DataRow("POST /api/me", 200, "\"status\":\"success\"")]
    [DataRow("GET /debug/pprof/heap", 404, "404 page not found")]
    [DataRow("GET /api/pull", 404, "404 page not found")]
    [DataRow("GET /nowhere", 404, "404 page not found")]
    public async Task Route_HasItsResponse(string line, int status, string content)
    {
        string response = await Check(RawExchange.Request(line));

        Assert.StartsWith($"HTTP/1.1 {status} ", response);
        Assert.Contains(content, response);
    }

    [TestMethod]
    public async Task Head_GetsNoContent()
    {
        string response = await Check(RawExchange.Request("HEAD /api/version"));

        Assert.Contains("Content-Length: 25\r\n", response);
        Assert.EndsWith("\r\n\r\n", response);
    }

    [TestMethod]
    [DataRow("/v1/chat/completions", """{"model":"m","messages":[]}""", "\"object\":\"chat.completion\"")]
    [DataRow("/api/chat", """{"model":"m","stream":false}""", "\"done\":true")]
    [DataRow("/v1/messages", """{"model":"m","stream":false}""", "\"stop_reason\":\"end_turn\"")]
    public async Task Chat_WithoutStream_IsOneResponse(string path, string content, string expected)
    {
        string response = await Check(RawExchange.Post(path, content));

        string json = response[(response.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.AreEqual("m", document.RootElement.GetProperty("model").GetString());
        Assert.Contains(expected, json);
        Assert.Contains(Tokens.Text, json);
    }

    [TestMethod]
    [DataRow("auto", "/v1/chat/completions", """{"stream":true}""", "text/event-stream", "data: [DONE]\n\n")]
    [DataRow("portable", "/v1/chat/completions", """{"stream":true}""", "text/event-stream", "data: [DONE]\n\n")]
    [DataRow(
        "auto",
        "/api/chat",
        "{}",
        "application/x-ndjson",
        "\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":0,\"eval_count\":17}\n"
    )]
    [DataRow("auto", "/v1/messages", """{"stream":true}""", "text/event-stream", "\"type\":\"message_stop\"}\n\n")]
    public async Task Chat_StreamsTokenByToken(string backend, string path, string content, string type, string end)
    {
        string response = await Check([RawExchange.Post(path, content)], backend);

        Assert.Contains($"Content-Type: {type}\r\n", response);
        Assert.EndsWith(end + "\r\n0\r\n\r\n", response);
        string text = string.Concat(Token().Matches(response).Select(match => match.Groups["text"].Value));
        Assert.AreEqual(Tokens.Text, text);
        long[] sent = [.. SentAt().Matches(response).Select(match => long.Parse(match.Groups["ns"].Value))];
        Assert.IsGreaterThanOrEqualTo(Tokens.All.Count, sent.Length);
        for (int i = 1; i < sent.Length; i++)
            Assert.IsGreaterThanOrEqualTo(StandInSession.TokenGap.TotalNanoseconds, sent[i] - sent[i - 1]);
    }

    [TestMethod]
    public async Task ChunkedContent_IsRead()
    {
        string head = RawExchange.Request("POST /v1/messages", "Transfer-Encoding: chunked\r\n");
        string response = await Check([head, "8\r\n{\"model\"\r\nA", "\r\n:\"in chunk\r\n3\r\ns\"}\r\n0\r\n", "\r\n"]);

        Assert.Contains("\"model\":\"in chunks\"", response);
    }

    [TestMethod]
    public async Task ExpectContinue_GetsAnInterimResponseFirst()
    {
        string response = await Check(
            RawExchange.Request("POST /v1/messages", "Expect: 100-continue\r\nContent-Length: 2\r\n", "{}")
        );

        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", response);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("no json")]
    [DataRow("[]")]
    public async Task ContentThatIsNotAnObject_IsABadRequest(string content) =>
        Assert.StartsWith("HTTP/1.1 400 ", await Check(RawExchange.Post("/v1/chat/completions", content)));

    [TestMethod]
    public async Task Requests_AreCounted_IncludingMalformedOnes()
    {
        await using StandIn standIn = await StartAsync("auto");
        string twice = "GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n" + RawExchange.Request("GET /nowhere");
        string responses = await RawExchange.SendAsync(standIn.EndPoint, twice);
        Assert.HasCount(2, Regex.Matches(responses, "HTTP/1.1 "));
        Assert.AreEqual(2, standIn.Requests);

        Assert.AreEqual("", await RawExchange.SendAsync(standIn.EndPoint, "no request\r\n"));
        Assert.AreEqual(3, standIn.Requests);
    }

    /// <summary>As Go's server, and therefore Ollama, does it: with <c>Connection: keep-alive</c> and the client's
    /// version.</summary>
    [TestMethod]
    public async Task Http10ConnectionThatAsksForIt_IsKept()
    {
        const string asks = "GET /api/version HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        await using StandIn standIn = await StartAsync("auto");
        string responses = await RawExchange.SendAsync(
            standIn.EndPoint,
            asks + asks + "GET /nowhere HTTP/1.0\r\n\r\n" + asks
        );
        Assert.HasCount(3, Regex.Matches(responses, "HTTP/1.0 "));
        Assert.HasCount(2, Regex.Matches(responses, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n"));
        Assert.AreEqual(3, standIn.Requests);
    }

    [TestMethod]
    public async Task ClientThatDisconnectsDuringAStream_DoesNotAffectOthers()
    {
        await using StandIn standIn = await StartAsync("auto");
        using (TcpClient client = new())
        {
            await client.ConnectAsync(standIn.EndPoint).WaitAsync(RawExchange.Deadline);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(RawExchange.Post("/api/chat", "{}")));
            Assert.IsGreaterThan(
                0,
                await client.GetStream().ReadAsync(new byte[1024]).AsTask().WaitAsync(RawExchange.Deadline)
            );
        }

        // Takes longer than the stream whose client has gone.
        string response = await RawExchange.SendAsync(standIn.EndPoint, RawExchange.Post("/api/chat", "{}"));
        Assert.EndsWith("\n\r\n0\r\n\r\n", response);
    }

    private static Task<string> Check(string request) => Check([request]);

    private static async Task<string> Check(string[] parts, string backend = "auto")
    {
        await using StandIn standIn = await StartAsync(backend);
        string response = await RawExchange.SendAsync(standIn.EndPoint, parts);
        Assert.AreEqual(1, standIn.Requests);
        return response;
    }

    private static Task<StandIn> StartAsync(string backend) =>
        StandIn.StartAsync(backend, TimeProvider.System, NullLogger.Instance).WaitAsync(RawExchange.Deadline);

    [GeneratedRegex("\"(?:content|text)\":\"(?<text>[^\"]*)\"")]
    private static partial Regex Token();

    [GeneratedRegex("\"sent_ns\":(?<ns>[0-9]+)")]
    private static partial Regex SentAt();
}
