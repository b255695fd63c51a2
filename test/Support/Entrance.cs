using System.Net;

namespace FastGate.Test.Support;

/// <summary>
/// Where a client connects: the upstream itself or a gate in front of it, so that one test can cover both.
/// </summary>
internal sealed class Entrance : IAsyncDisposable
{
    private readonly RunningGate? _gate;

    private Entrance(IPEndPoint endpoint, RunningGate? gate)
    {
        Endpoint = endpoint;
        _gate = gate;
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>The address without a path; an IP literal, so that no client tries IPv6 first.</summary>
    public Uri Address => new($"http://{Endpoint}");

    /// <summary>The base address for OpenAI clients.</summary>
    public Uri OpenAiAddress => new($"http://{Endpoint}/v1");

    public static async Task<Entrance> OpenAsync(Way way, IPEndPoint upstream, params string[] allow)
    {
        if (way == Way.Direct)
            return new Entrance(upstream, null);
        var gate = await RunningGate.StartAsync(upstream, way, allow);
        return new Entrance(gate.Endpoint, gate);
    }

    public ValueTask DisposeAsync() => _gate?.DisposeAsync() ?? ValueTask.CompletedTask;
}
