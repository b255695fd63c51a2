using System.Net;
using FastGate.Host;

namespace FastGate.Test.Commands.Install;

/// <summary>Answers as a function says: by endpoint, and by the request as <c>GET /path</c>. What it does not answer,
/// nobody does.</summary>
internal sealed class FakeProbe(Func<IPEndPoint, string, ProbeAnswer?> answer) : IProbe
{
    public static ProbeAnswer Ollama { get; } = new(200, "{\"version\":\"0.12.0\"}", TimeSpan.FromMicroseconds(50));

    public static ProbeAnswer Refusal { get; } =
        new(403, "{\"error\":\"FastGate refused POST /api/pull\"}", TimeSpan.FromMicroseconds(60));

    /// <summary>Every request that was asked.</summary>
    public List<string> Asked { get; } = [];

    public Task<ProbeAnswer?> AskAsync(IPEndPoint endPoint, string method, string path)
    {
        Asked.Add($"{endPoint} {method} {path}");
        return Task.FromResult(answer(endPoint, $"{method} {path}"));
    }
}
