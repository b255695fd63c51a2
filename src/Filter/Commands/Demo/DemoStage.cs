using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Upstream;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Demo;

/// <summary>A stand-in for Ollama with a gate in front of it, both on loopback. Any thread may call it.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    /// <summary>The port next to Ollama's.</summary>
    public static readonly IPEndPoint DefaultEndPoint = new(IPAddress.Loopback, 11435);

    private static readonly IPEndPoint FreeEndPoint = new(IPAddress.Loopback, 0);

    // Short, because no one waits for the rest of a stream after Ctrl-C.
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(500);

    private readonly StandIn _standIn;
    private readonly DirectoryInfo _folder;
    private GateServer? _gate;

    private DemoStage(StandIn standIn)
    {
        _standIn = standIn;
        _folder = Directory.CreateTempSubdirectory("fastgate-demo-");
        Rules = RuleSet.Compile(AllowList.Expand([Profiles.Seed]).Rules);
    }

    public RuleSet Rules { get; }

    public IPEndPoint StandInEndPoint => _standIn.EndPoint;

    public IPEndPoint GateEndPoint => _gate!.EndPoints[0];

    public string Backend => _gate!.Backend;

    /// <summary>Number of requests that the stand-in received on all connections.</summary>
    public long StandInRequests => _standIn.Requests;

    /// <summary>The gate's access log, written as in production, so that the figures include its cost.</summary>
    public string AccessLogPath => Path.Combine(_folder.FullName, "access.log");

    /// <summary>Completes when the gate has failed.</summary>
    public Task Failed => _gate!.Failed;

    /// <exception cref="BindException">The requested address cannot be bound.</exception>
    /// <exception cref="PlatformNotSupportedException">The requested backend does not work here.</exception>
    /// <exception cref="IOException">No port is free, or the log cannot be written.</exception>
    public static async Task<DemoStage> StartAsync(DemoOptions options, ILogger log)
    {
        DemoStage stage = new(await StandIn.StartAsync(options.Backend, TimeProvider.System, log));
        try
        {
            stage._gate = options.Listen is { } listen
                ? await stage.StartGateAsync(listen, options.Backend, log)
                : await stage.StartGateAnywhereAsync(options.Backend, log);
            return stage;
        }
        catch (BindException)
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects a client to the stand-in.</summary>
    public DemoClient ConnectDirectly() => DemoClient.Connect(StandInEndPoint);

    /// <summary>Connects a client to the gate.</summary>
    public DemoClient ConnectThroughGate() => DemoClient.Connect(GateEndPoint);

    /// <summary>Completes when the access log is written up to this moment.</summary>
    public Task FlushAccessLogAsync() => _gate!.AccessLog!.FlushAsync();

    public async ValueTask DisposeAsync()
    {
        if (_gate is not null)
            await _gate.DisposeAsync();
        await _standIn.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<GateServer> StartGateAnywhereAsync(string backend, ILogger log)
    {
        try
        {
            return await StartGateAsync(DefaultEndPoint, backend, log);
        }
        catch (BindException)
        {
            // Another demo or a real gate uses the default port: any other port will do.
            return await StartGateAsync(FreeEndPoint, backend, log);
        }
    }

    private Task<GateServer> StartGateAsync(IPEndPoint listen, string backend, ILogger log)
    {
        GatePolicy policy = new()
        {
            Rules = Rules,
            Hosts = new HostNames(Environment.MachineName, []),
            UpstreamHost = GatePolicy.UpstreamHostFor(StandInEndPoint),
        };
        GateOptions options = new()
        {
            Listeners = [new ListenerOptions { Address = ListenAddress.Of(listen), Policy = policy }],
            Upstream = new UpstreamOptions { EndPoint = StandInEndPoint },
            Limits = new GateLimits { DrainTime = DrainTime },
            Backend = backend,
            AccessLog = AccessLogPath,
        };
        return GateServer.StartAsync(options, TimeProvider.System, log);
    }
}
