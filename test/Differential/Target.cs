using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>What the streams are sent to: the gate on a backend, or something that is known to leak.</summary>
internal sealed class Target : IAsyncDisposable
{
    /// <summary>The names on the command line.</summary>
    public static readonly IReadOnlyList<string> Names = ["gate", "haproxy", "first-request-only", "direct"];

    private readonly IAsyncDisposable? _owned;

    private Target(IPEndPoint endpoint, IAsyncDisposable? owned)
    {
        Endpoint = endpoint;
        _owned = owned;
    }

    public IPEndPoint Endpoint { get; }

    /// <exception cref="ArgumentOutOfRangeException">The name is none of <see cref="Names"/>.</exception>
    public static async Task<Target> OpenAsync(string name, Way backend, IPEndPoint upstream)
    {
        switch (name)
        {
            case "gate":
                // All clients of a run have the same address.
                var options = RunningGate.Options(upstream, backend, ["@seed"]) with
                {
                    Limits = new GateLimits { ConnectionsMax = 8192, ConnectionsPerPeerMax = 8192 },
                };
                var gate = await RunningGate.StartAsync(options);
                return new Target(gate.Endpoint, gate);
            case "haproxy":
                var haProxy = await HaProxyGate.StartAsync(upstream);
                return new Target(haProxy.Endpoint, haProxy);
            case "first-request-only":
                var careless = new FirstRequestOnlyGate(upstream);
                return new Target(careless.Endpoint, careless);
            case "direct":
                return new Target(upstream, null);
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, $"One of {string.Join(", ", Names)}.");
        }
    }

    public ValueTask DisposeAsync() => _owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
