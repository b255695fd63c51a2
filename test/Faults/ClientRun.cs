using System.Net;
using System.Net.Sockets;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// The requests of one client in an anomaly test: one with a response of known length, one with content in pieces and a
/// streamed response, and one that is refused. The connection may end anywhere; a wrong byte throws.
/// </summary>
internal sealed class ClientRun(string what) : IDisposable
{
    private const string PostHead =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n";
    private const string PostRest = "hello\r\n0\r\n\r\n";

    private RawClient? _client;

    /// <summary>Whether each request got its own response.</summary>
    public bool IsComplete { get; private set; }

    public async Task RunAsync(IPEndPoint gate)
    {
        _client = await RawClient.ConnectAsync(gate);
        try
        {
            bool first = await RequestAsync(200, RespondingUpstream.Greeting, Scene.Get);
            bool second = await RequestAsync(200, string.Concat(RespondingUpstream.Tokens), PostHead, PostRest);
            bool third = await RequestAsync(403, null, Scene.Forbidden);
            IsComplete = first && second && third;
        }
        catch (Exception exception) when (exception is EndOfStreamException or SocketException)
        {
            // The gate closed the connection, perhaps in the middle of a response, which its framing reveals.
        }
    }

    public void Dispose() => _client?.Dispose();

    private async Task<bool> RequestAsync(int status, string? content, params string[] pieces)
    {
        foreach (string piece in pieces)
            await _client!.SendAsync(piece);
        RawResponse response = await _client!.ReadResponseAsync();
        if (response.Status == status)
        {
            if (content is not null)
                Assert.AreEqual(content, response.Text, what);
            return true;
        }
        Assert.IsTrue(response.Status is 502 or 503, $"{what}: {response.Status}");
        StringAssert.Contains(response.Text, "Ollama", what);
        return false;
    }
}
