using FastGate.Test.Support;

namespace FastGate.Test.StandIn;

/// <summary>The stand-in behaves like Ollama; the other tests rely on it.</summary>
[TestClass]
public sealed class StandInOllamaTests
{
    [TestMethod]
    [DataRow("localhost", 200)]
    [DataRow("127.0.0.1:11434", 200)]
    [DataRow("[::1]:11434", 200)]
    [DataRow("192.168.1.2", 200)]
    [DataRow("mac.local", 200)]
    [DataRow("remote-ollama-proxy:11434", 403)]
    [DataRow("mac.tail1234.ts.net:11434", 403)]
    [DataRow("8.8.8.8", 403)]
    public Task Host_IsChecked(string host, int status) =>
        Check($"GET /api/tags HTTP/1.1\r\nHost: {host}\r\n\r\n", status);

    [TestMethod]
    [DataRow("localhost", 204)]
    [DataRow("127.0.0.1", 405)]
    public Task Options_AreAllowedForNamesOnly(string host, int status) =>
        Check($"OPTIONS /api/tags HTTP/1.1\r\nHost: {host}\r\n\r\n", status);

    [TestMethod]
    [DataRow("GET", "/api/show", 405, "405 method not allowed")]
    [DataRow("GET", "/API/tags", 404, "404 page not found")]
    [DataRow("GET", "/v1/models/a/b", 404, "404 page not found")]
    [DataRow(
        "GET",
        "/v1/models/x",
        404,
        """{"error":{"message":"model 'x' not found","type":"not_found_error","param":null,"code":null}}"""
    )]
    [DataRow("POST", "/api/show", 404, """{"error":"model '' not found"}""")]
    [DataRow(
        "POST",
        "/v1/messages",
        404,
        """{"type":"error","error":{"type":"not_found_error","message":"model '' not found"}}"""
    )]
    public Task Fault_IsInTheShapeOfItsApi(string method, string path, int status, string content) =>
        Check($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n", status, content);

    [TestMethod]
    public async Task WholeResponse_IsFramedByLengthOrInChunks()
    {
        await using var standIn = await StandInOllama.StartAsync();
        using var client = await RawClient.ConnectAsync(standIn.Endpoint);
        var byLength = await client.ExchangeAsync("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n");
        standIn.Pace = new Pace { ChunkedWhole = true };
        var inChunks = await client.ExchangeAsync("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.IsNotNull(byLength.Field("Content-Length"));
        Assert.AreEqual("chunked", inChunks.Field("Transfer-Encoding"));
        Assert.AreEqual(byLength.Text, inChunks.Text);
    }

    private static async Task Check(string request, int status, string? content = null)
    {
        await using var standIn = await StandInOllama.StartAsync();
        using var client = await RawClient.ConnectAsync(standIn.Endpoint);
        var response = await client.ExchangeAsync(request);
        Assert.AreEqual(status, response.Status);
        if (content is not null)
            Assert.AreEqual(content, response.Text);
    }
}
