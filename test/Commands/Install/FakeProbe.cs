using System.Net;
using FastGate.Host;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Commands.Install;

/// <summary>Responds by endpoint and request, which is given as <c>GET /path</c>. Where the function returns null,
/// nothing listens.</summary>
internal sealed class FakeProbe(Func<IPEndPoint, string, ProbeResponse?> respond) : IProbe
{
    public ConnectionNotice? Connected { get; set; }

    public static ProbeResponse Ollama { get; } = new(200, "{\"version\":\"0.12.0\"}", TimeSpan.FromMicroseconds(50));

    public static ProbeResponse Refusal { get; } =
        new(403, "{\"error\":\"FastGate refused POST /api/pull\"}", TimeSpan.FromMicroseconds(60));

    /// <summary>Every request that was sent.</summary>
    public List<string> Sent { get; } = [];

    public Task<ProbeResponse> SendAsync(
        ProbeTarget target,
        string method,
        string path,
        string? json,
        CancellationToken cancellationToken
    ) => Respond(target, $"{method} {path}");

    public async Task<ProbeStream> StreamAsync(
        ProbeTarget target,
        string path,
        string json,
        CancellationToken cancellationToken
    ) => new(await Respond(target, $"POST {path}"), []);

    public Task<ProbeResponse> SendRawAsync(ProbeTarget target, string bytes, CancellationToken cancellationToken) =>
        Respond(target, string.Join(' ', bytes.TrimStart().Split(' ').Take(2)));

    private Task<ProbeResponse> Respond(ProbeTarget target, string request)
    {
        Sent.Add($"{target} {request}");
        return Task.FromResult(
            respond(target.EndPoint, request) ?? new ProbeResponse { Problem = SocketErrorText.Refused }
        );
    }
}
