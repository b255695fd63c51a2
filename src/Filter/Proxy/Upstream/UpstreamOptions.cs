using System.Net;

namespace FastGate.Proxy.Upstream;

/// <summary>Where Ollama is, and how connections to it are made.</summary>
internal sealed record UpstreamOptions
{
    /// <summary>Ollama's own default address and port (<c>OLLAMA_HOST</c> unset).</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 11434);

    /// <summary>
    /// Connected and unused sockets that each loop keeps ready, so that a connect is off the path of a request. 4
    /// covers what a client opens at once (browsers 6, SDKs 1 to 4); an idle one costs Ollama a goroutine.
    /// </summary>
    public int Warm { get; init; } = 4;

    /// <summary>A connect on loopback takes microseconds; 2 s is past one lost SYN (retransmitted after 1 s).</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(2);
}
