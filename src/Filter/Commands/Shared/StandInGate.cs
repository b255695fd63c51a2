using System.Net;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastGate.Commands.Shared;

/// <summary>
/// A gate in the process of a verb that serves clients while the service restarts. It takes the listening sockets of
/// the running gate, and offers them to the next one, so no connection is refused and no request lost in between.
/// </summary>
/// <remarks>
/// The verb is the only process that lives through a restart: launchd and systemd start the next gate only after the
/// last one has ended. That this gate starts also shows, before anything is stopped, that the config is valid and
/// can be bound. If it ends early, the running gate accepts again.
/// </remarks>
internal sealed class StandInGate : IAsyncDisposable
{
    /// <summary>For responses that began before the restart: as long as a model may take to load and respond. After
    /// that, the drain time applies.</summary>
    public static readonly TimeSpan InFlightMax = TimeSpan.FromMinutes(10);

    // launchd waits 5 s before it starts a program again, and systemd as long; a busy machine gets more.
    private static readonly TimeSpan NextMax = TimeSpan.FromSeconds(30);

    private readonly GateServer _gate;
    private readonly Takeover _takeover;
    private readonly Handover _handover;

    private StandInGate(GateServer gate, Takeover takeover, Handover handover) =>
        (_gate, _takeover, _handover) = (gate, takeover, handover);

    /// <summary>Whether the running gate offers its sockets.</summary>
    public static bool CanStart(HostEnvironment host) =>
        Sockets(host, new InstallPaths(host)) is { Service: var path } && File.Exists(path);

    /// <summary>Starts to accept in place of the gate that the service runs.</summary>
    /// <returns>The gate; or null and the reason, if only a restart that refuses connections is possible.</returns>
    public static async Task<(StandInGate? Gate, string Problem)> TryStartAsync(HostEnvironment host)
    {
        InstallPaths paths = new(host);
        if (Sockets(host, paths) is not { } sockets || Takeover.TryBegin(sockets.Service) is not { } takeover)
            return (null, "the running gate does not offer its sockets");
        (StandInGate? gate, string problem) = await TryStartAsync(host, paths, takeover, sockets.StandIn);
        if (gate is null)
        {
            foreach (ListenResult socket in takeover.Sockets)
                socket.Socket!.Dispose();
            takeover.Dispose();
        }
        return (gate, problem.TrimEnd('.'));
    }

    /// <summary>Waits until the old gate has no response in flight, or has ended.</summary>
    public async Task WaitForOldAsync(CancellationToken cancellationToken) =>
        await _takeover.WaitUntilDrainedAsync(cancellationToken);

    /// <summary>Waits until the next gate accepts.</summary>
    /// <returns>False if it does not within 30 s.</returns>
    public async Task<bool> WaitForNextAsync() =>
        await Task.WhenAny(_handover.HasYielded, Task.Delay(NextMax)) == _handover.HasYielded;

    /// <summary>Waits until this gate has no response in flight; the next gate must accept.</summary>
    public Task WaitUntilDrainedAsync(CancellationToken cancellationToken) =>
        Task.WhenAny(_handover.HasDrained, Task.Delay(Timeout.Infinite, cancellationToken));

    /// <summary>Ends the gate, after responses in flight, or after the drain time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _handover.DisposeAsync();
        await _gate.DisposeAsync();
        // Last: an old gate that still runs binds its addresses again.
        _takeover.Dispose();
    }

    private static (string Service, string StandIn)? Sockets(HostEnvironment host, InstallPaths paths) =>
        StatePath.HandoverSockets(host.Machine, paths.Config, []);

    private static async Task<(StandInGate? Gate, string Problem)> TryStartAsync(
        HostEnvironment host,
        InstallPaths paths,
        Takeover takeover,
        string path
    )
    {
        ConfigResult config = ConfigLoader.Load(
            new ConfigPath(paths.Config, IsExplicit: false),
            new GateFile(),
            host.Machine
        );
        if (config.Plan is not { } plan)
            return (null, $"{paths.Short(paths.Config)} is invalid (see fastgate check)");
        (IPEndPoint? upstream, string problem) = await UpstreamLookup.FindAsync(plan, host.Machine.Interfaces);
        if (upstream is null)
            return (null, problem);
        GateServer gate;
        try
        {
            gate = await GateServer.StartAsync(
                plan.ToOptions(upstream),
                TimeProvider.System,
                NullLogger.Instance,
                inherited: takeover.Sockets
            );
        }
        catch (Exception exception) when (exception is BindException or PlatformNotSupportedException)
        {
            return (null, exception.Message.Split('\n')[0]);
        }
        Handover? handover = Handover.Start(gate, path, TimeProvider.System, NullLogger.Instance);
        if (handover is not null && takeover.TryFinish())
            return (new StandInGate(gate, takeover, handover), "");
        if (handover is not null)
            await handover.DisposeAsync();
        await gate.DisposeAsync();
        return (null, handover is null ? $"{paths.Short(path)} cannot be opened" : "the running gate has just ended");
    }
}
