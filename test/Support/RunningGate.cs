using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Upstream;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Test.Support;

/// <summary>A gate on a loopback port chosen by the system; stops on disposal.</summary>
internal sealed class RunningGate(GateServer gate) : IAsyncDisposable
{
    /// <summary>Whether this build has a gate; without one, tests connect directly.</summary>
    public static bool IsBuilt => true;

    public IPEndPoint Endpoint { get; } = gate.EndPoints[0];

    public GateServer Gate => gate;

    /// <summary>
    /// Starts a gate in front of <paramref name="upstream"/> that allows <paramref name="allow"/> (rules and profiles,
    /// as in the config file); returns once it accepts connections.
    /// </summary>
    public static Task<RunningGate> StartAsync(IPEndPoint upstream, Way backend, IReadOnlyList<string> allow) =>
        StartAsync(Options(upstream, backend, allow));

    /// <summary>Starts a gate with other settings.</summary>
    public static async Task<RunningGate> StartAsync(
        GateOptions options,
        TimeProvider? time = null,
        ILogger? log = null,
        ISocketCalls? calls = null
    ) => new(await GateServer.StartAsync(options, time ?? TimeProvider.System, log ?? NullLogger.Instance, calls));

    /// <summary>The default settings of a test's gate.</summary>
    public static GateOptions Options(IPEndPoint upstream, Way backend, IReadOnlyList<string> allow) =>
        new()
        {
            Backend = backend.Backend(),
            Upstream = new UpstreamOptions { EndPoint = upstream },
            Listeners =
            [
                new ListenerOptions
                {
                    Address = ListenAddress.Of(new IPEndPoint(IPAddress.Loopback, 0)),
                    Policy = Policy(upstream, allow),
                },
            ],
        };

    /// <summary>A policy of rules and profiles.</summary>
    public static GatePolicy Policy(IPEndPoint upstream, IReadOnlyList<string> allow) =>
        new()
        {
            Rules = RuleSet.Compile(AllowList.Expand(allow).Rules),
            Hosts = new HostNames(Environment.MachineName, []),
            UpstreamHost = GatePolicy.UpstreamHostFor(upstream),
        };

    public ValueTask DisposeAsync() => gate.DisposeAsync();
}
