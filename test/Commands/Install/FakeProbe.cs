using System.Net;
using FastGate.Host;

namespace FastGate.Test.Commands.Install;

/// <summary>Answers probes with a function of the endpoint and the request, written as <c>GET /path</c>. A null means
/// no response.</summary>
internal sealed class FakeProbe(Func<IPEndPoint, string, ProbeAnswer?> answer) : IProbe
{
    public static ProbeAnswer Ollama { get; } = new(200, "{\"version\":\"0.12.0\"}", TimeSpan.FromMicroseconds(50));

    public static ProbeAnswer Refusal { get; } =
        new(403, "{\"error\":\"FastGate refused POST /api/pull\"}", TimeSpan.FromMicroseconds(60));

    /// <summary>Every request that was made.</summary>
    public List<string> Requests { get; } = [];

    public Task<ProbeAnswer?> AskAsync(IPEndPoint endPoint, string method, string path)
    {
        Requests.Add($"{endPoint} {method} {path}");
        return Task.FromResult(answer(endPoint, $"{method} {path}"));
    }
}
