using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>What responds at an address.</summary>
internal enum Responder
{
    /// <summary>Nothing accepts connections.</summary>
    None,

    FastGate,
    Ollama,
    Other,
}

/// <summary>What responds at an address, and the response that shows it.</summary>
internal sealed record Identity(Responder Responder, ProbeResponse Response)
{
    // FastGate refuses a path with an empty segment whatever its rules are, and no server acts on it.
    private const string GateRequest = "GET //fastgate-doctor HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private const string OllamaRequest = "GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>Identifies a server by requests that change nothing.</summary>
    /// <param name="sendAsync">Sends the bytes of a request.</param>
    public static async Task<Identity> FindAsync(Func<string, Task<ProbeResponse>> sendAsync)
    {
        ProbeResponse response = await sendAsync(GateRequest);
        if (response.IsFromGate)
            return new Identity(Responder.FastGate, response);
        if (
            response.Status == 0
            && response.Problem is SocketErrorText.Refused or SocketErrorText.NoResponse or SocketErrorText.Unreachable
        )
            return new Identity(Responder.None, response);
        ProbeResponse version = await sendAsync(OllamaRequest);
        bool isOllama = version.Status == 200 && version.Content.Contains("\"version\"", StringComparison.Ordinal);
        return new Identity(isOllama ? Responder.Ollama : Responder.Other, version);
    }
}
