using System.Net;

namespace FastGate.Test.Support;

/// <summary>A stream of tokens that has begun, while something happens to the gate.</summary>
internal static class OpenStream
{
    private const string Content =
        """{"model":"qwen2.5-coder:32b","messages":[{"role":"user","content":"hi"}],"stream":true}""";

    private static readonly string Request =
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nContent-Type: application/json\r\n"
        + $"Content-Length: {Content.Length}\r\n\r\n{Content}";

    /// <summary>Requests a stream from a gate, and waits for its first bytes.</summary>
    public static async Task<RawClient> BeginAsync(IPEndPoint gate)
    {
        RawClient client = await RawClient.ConnectAsync(gate);
        await client.SendAsync(Request);
        await client.Connection.ReceiveAsync();
        return client;
    }
}
