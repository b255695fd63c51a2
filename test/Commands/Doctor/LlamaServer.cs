using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// A stand-in for llama.cpp's server (b10488): its routes, its Server field, and the responses that doctor, status and
/// warm read.
/// </summary>
internal sealed class LlamaServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Task _accepting;
    private readonly bool _isNamed;

    /// <param name="at">Where it listens.</param>
    /// <param name="network">The network that it runs in; this machine's own if null.</param>
    /// <param name="isNamed">Its responses have a Server field, as long as no proxy removes it.</param>
    public LlamaServer(IPEndPoint at, NetNamespace? network = null, bool isNamed = true)
    {
        _isNamed = isNamed;
        _listener = network is null ? Make() : network.Make(Make);
        _listener.Bind(at);
        _listener.Listen();
        _accepting = AcceptedConnections.ServeAsync(_listener, ServeAsync);

        Socket Make() => new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private static (int Status, string Content) Answer(string request) =>
        request switch
        {
            "GET /health" or "GET /v1/health" => (200, """{"status":"ok"}"""),
            "GET /v1/models" or "GET /models" or "GET /api/tags" => (
                200,
                """{"models":[{"name":"tiny.gguf","model":"tiny.gguf"}],"object":"list","data":[{"id":"tiny.gguf","object":"model","owned_by":"llamacpp"}]}"""
            ),
            "GET /props" => (
                200,
                """{"default_generation_settings":{"n_ctx":512},"total_slots":1,"build_info":"b10488"}"""
            ),
            "GET /slots" => (200, "[]"),
            "POST /tools" => (200, "{}"),
            _ => (404, """{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}"""),
        };

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            try
            {
                StringBuilder text = new();
                byte[] buffer = new byte[4096];
                while (await client.ReceiveAsync(buffer) is var count and > 0)
                {
                    text.Append(Encoding.Latin1.GetString(buffer, 0, count));
                    if (!text.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                        continue;
                    (int status, string content) = Answer(string.Join(' ', text.ToString().Split(' ').Take(2)));
                    bool isLast = text.ToString().Contains("Connection: close", StringComparison.OrdinalIgnoreCase);
                    string name = _isNamed ? "Server: llama.cpp\r\n" : "";
                    await client.SendAsync(
                        Encoding.ASCII.GetBytes(
                            $"HTTP/1.1 {status} X\r\n{name}Content-Type: "
                                + $"application/json\r\nContent-Length: {content.Length}\r\n{(isLast ? "Connection: close\r\n" : "")}\r\n{content}"
                        )
                    );
                    if (isLast)
                        return;
                    text.Clear();
                }
            }
            catch (SocketException)
            {
                // The client has disconnected.
            }
        }
    }
}
