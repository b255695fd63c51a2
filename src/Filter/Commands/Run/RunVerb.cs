using System.CommandLine;
using System.Net;
using System.Threading.Channels;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Run;

/// <summary><c>fastgate run</c>: runs the gate until a signal stops it.</summary>
internal static partial class RunVerb
{
    public const string Name = "run";

    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Option<string?> level = new("--log-level")
        {
            HelpName = "LEVEL",
            Description =
                $"Minimum log level on standard error: {string.Join(", ", OperationalLog.Levels.Keys)} (default: info)",
        };
        level.AcceptOnlyFromAmong([.. OperationalLog.Levels.Keys]);
        Verb verb = new(
            Name,
            "Run the gate; this is the default verb.",
            new Example(
                "fastgate",
                "Run with the config file; without one, listen on the Tailscale address, port 11434."
            ),
            new Example(
                "fastgate --listen 127.0.0.1:11435",
                "Try it on this machine: curl http://127.0.0.1:11435/api/tags"
            ),
            new Example(
                "fastgate --allow @clients --allow \"GET /api/status\"",
                "Replace the rules of the config file: one profile and one extra rule."
            )
        );
        flags.AddTo(verb);
        verb.Add(level);
        verb.SetAction(
            (parsed, _) => RunAsync(parsed, flags, OperationalLog.Levels[parsed.GetValue(level) ?? "info"], terminal)
        );
        return verb;
    }

    private static async Task<int> RunAsync(ParseResult parsed, ConfigFlags flags, LogLevel level, Terminal terminal)
    {
        Machine machine = Machine.Read();
        ConfigWatcher watcher = new(flags.PathOf(parsed, machine).Path);
        if (flags.Load(parsed, machine, terminal) is not { Plan: { } plan } config)
            return ExitCodes.CouldNot;

        ILogger log = OperationalLog.Create(level, out IDisposable owner);
        using IDisposable ended = owner;
        Channel<GateEvent> events = Channel.CreateUnbounded<GateEvent>();
        // Before the gate starts, so that no signal is lost during startup.
        using Signals signals = new(events.Writer);
        (string Service, string StandIn)? handovers = StatePath.HandoverSockets(
            machine,
            config.Path.Path,
            flags.Words(parsed)
        );
        using Takeover? takeover = handovers is { StandIn: var standIn } ? Takeover.TryBegin(standIn) : null;
        if (await StartAsync(config, machine, takeover?.Sockets, log) is not { } gate)
            return ExitCodes.CouldNot;
        await using (gate)
        await using (
            AdminServer.Start(
                new AdminOptions(plan.MetricsSocket, plan.MetricsPort),
                new AdminSource(
                    async () => await gate.TakeSnapshotAsync() with { Config = config.Path.Path },
                    gate.TakeHistory,
                    gate.ExpectProbe
                ),
                TimeProvider.System,
                log
            )
        )
        {
            await using Handover? handover = handovers is { Service: var path }
                ? Handover.Start(gate, path, TimeProvider.System, log)
                : null;
            if (takeover?.TryFinish() == true)
                Log.TookOver(log);
            using CancellationTokenSource stopping = new();
            using HttpProbe probe = new();
            Task watching = new OpenOllamaWatch(
                gate.Upstream,
                () => gate.EndPoints,
                Interfaces.Read,
                probe,
                log
            ).RunAsync(TimeProvider.System, stopping.Token);
            _ = watcher.RunAsync(events.Writer, TimeProvider.System, stopping.Token);
            _ = gate.Failed.ContinueWith(_ => events.Writer.TryWrite(GateEvent.Failed), TaskScheduler.Default);
            Reloader reloader = new(
                gate,
                config,
                () => ConfigLoader.Load(config.Path, flags.Read(parsed), Machine.Read()),
                log
            );
            GateEvent last = await ServeAsync(events.Reader, reloader);
            await stopping.CancelAsync();
            // Before the gate stops, which must not accept again when its successor ends.
            if (handover is not null)
                await handover.DisposeAsync();
            await watching;
            return await EndAsync(gate, last, log);
        }
    }

    private static async Task<GateServer?> StartAsync(
        ConfigResult config,
        Machine machine,
        IReadOnlyList<ListenResult>? inherited,
        ILogger log
    )
    {
        GatePlan plan = config.Plan!;
        Log.Config(log, config.Path.Path, config.FileExists ? "" : " (not found; using defaults)");
        foreach (string warning in ProblemList.Lines(config.Warnings))
            Log.Warning(log, warning);
        (IPEndPoint? upstream, string problem) = await UpstreamLookup.FindAsync(plan, machine.Interfaces);
        if (upstream is null)
        {
            Log.CannotStart(log, problem);
            return null;
        }
        try
        {
            GateServer gate = await GateServer.StartAsync(
                plan.ToOptions(upstream),
                TimeProvider.System,
                log,
                inherited: inherited
            );
            Log.Started(log, upstream, plan.AccessLog ?? "off", gate.Backend, plan.Loops);
            return gate;
        }
        catch (BindException exception)
        {
            Log.CannotStart(log, $"{exception.Message} Or use another port: --listen, or \"listen\" in the config.");
        }
        catch (PlatformNotSupportedException exception)
        {
            Log.CannotStart(
                log,
                $"{exception.Message.Split('\n')[0]} Remove --backend and \"backend\" to use the best backend that "
                    + "works here."
            );
        }
        return null;
    }

    private static async Task<GateEvent> ServeAsync(ChannelReader<GateEvent> events, Reloader reloader)
    {
        while (true)
        {
            GateEvent next = await events.ReadAsync();
            if (next != GateEvent.Reload)
                return next;
            reloader.Request();
        }
    }

    private static async Task<int> EndAsync(GateServer gate, GateEvent last, ILogger log)
    {
        if (last == GateEvent.Failed)
        {
            Log.Failed(log);
            return ExitCodes.CouldNot;
        }
        Log.Stopping(log);
        await gate.StopAsync();
        Log.Stopped(log);
        return ExitCodes.Yes;
    }

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Information, "Config: {Path}{Absence}.")]
        public static partial void Config(ILogger logger, string path, string absence);

        [LoggerMessage(501, LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger logger, string warning);

        [LoggerMessage(
            502,
            LogLevel.Information,
            "Upstream: {Upstream}. Access log: {AccessLog}. Backend: {Backend}, loops: {Loops}."
        )]
        public static partial void Started(
            ILogger logger,
            IPEndPoint upstream,
            string accessLog,
            string backend,
            int loops
        );

        [LoggerMessage(503, LogLevel.Error, "{Problem}")]
        public static partial void CannotStart(ILogger logger, string problem);

        [LoggerMessage(
            504,
            LogLevel.Information,
            "Stopping: no new connections; letting in-flight responses finish. Press Ctrl-C again to stop immediately."
        )]
        public static partial void Stopping(ILogger logger);

        [LoggerMessage(505, LogLevel.Information, "Stopped.")]
        public static partial void Stopped(ILogger logger);

        [LoggerMessage(
            506,
            LogLevel.Critical,
            "A loop thread ended unexpectedly; stopping the gate so that it can be restarted."
        )]
        public static partial void Failed(ILogger logger);

        [LoggerMessage(
            507,
            LogLevel.Information,
            "Took over the listening sockets of the gate that served during the restart."
        )]
        public static partial void TookOver(ILogger logger);
    }
}
