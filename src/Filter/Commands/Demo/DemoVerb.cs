using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using FastGate.Commands.Shared;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Demo;

/// <summary>
/// <c>fastgate demo</c>: a gate at work before a stand-in for Ollama, on a machine that has neither Ollama nor a
/// config. Exit code 0 when all was as expected, 1 when not, 2 when it could not be shown.
/// </summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        Option<string?> listen = new("--listen")
        {
            HelpName = "ADDRESS:PORT",
            Description =
                $"Where the gate listens, on loopback. Default: {DemoStage.UsualEndPoint}, or a free "
                + $"port if that is taken.",
        };
        Option<string> backend = new("--backend")
        {
            Description = "How sockets are waited for. Default: the best that works here.",
            DefaultValueFactory = _ => "auto",
        };
        backend.AcceptOnlyFromAmong([.. Backends.Names]);
        Option<bool> once = new("--once")
        {
            Description = "End after the show; 1 if anything in it was not as expected.",
        };
        Verb demo = new(
            "demo",
            "Show the gate at work before a stand-in for Ollama: nothing else is needed.",
            new Example("fastgate demo", "an allowed request, a refused one, a stream; then stays up for curl"),
            new Example("fastgate demo --once", "the same, and ends")
        )
        {
            listen,
            backend,
            once,
        };
        demo.SetAction(
            (said, cancellationToken) =>
                RunAsync(said.GetValue(listen), said.GetValue(backend)!, said.GetValue(once), cancellationToken)
        );
        return demo;
    }

    private static async Task<int> RunAsync(
        string? listen,
        string backend,
        bool once,
        CancellationToken cancellationToken
    )
    {
        if (!TryParseListen(listen, out IPEndPoint? endPoint, out string? problem))
            return CouldNot(problem);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using ILoggerFactory logs = LoggerFactory.Create(LogToStandardError);
        try
        {
            return await PlayAsync(new DemoOptions(endPoint, backend, once), logs.CreateLogger("demo"), stopping.Token);
        }
        catch (Exception failure) when (failure is BindException or PlatformNotSupportedException or IOException)
        {
            return CouldNot(failure.Message);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C in the middle of the show: who wanted to see all of it has not.
            return once ? 2 : 0;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    private static async Task<int> PlayAsync(DemoOptions options, ILogger log, CancellationToken cancellationToken)
    {
        DemoScreen screen = DemoScreen.OfStandardOutput();
        await using DemoStage stage = await DemoStage.StartAsync(options, log);
        Introduce(screen, stage);
        string? problem =
            DemoAllowed.Show(screen, stage, cancellationToken)
            ?? DemoRefused.Show(screen, stage, cancellationToken)
            ?? DemoStreamed.Show(screen, stage, cancellationToken);
        if (problem is not null)
            screen.Problem(problem);
        if (options.Once)
            return problem is null ? 0 : 1;

        string? ended = await DemoOpenHouse.StayAsync(screen, stage, cancellationToken);
        if (ended is not null)
            return CouldNot(ended);
        return problem is null ? 0 : 1;
    }

    private static void Introduce(DemoScreen screen, DemoStage stage)
    {
        screen.Heading("FastGate");
        screen.Facts(
            ("the gate", $"{stage.GateEndPoint}, {stage.Rules.Count} rules (@seed), {stage.Backend}"),
            ("behind it", $"{stage.StandInEndPoint}, a stand-in for Ollama")
        );
    }

    private static bool TryParseListen(string? text, out IPEndPoint? endPoint, [NotNullWhen(false)] out string? problem)
    {
        endPoint = null;
        problem = null;
        if (text is null)
            return true;
        if (!ListenAddress.TryParse(text, out ListenAddress? address, out problem))
            return false;
        if (address.Address is { } literal && IPAddress.IsLoopback(literal))
            endPoint = new IPEndPoint(literal, address.Port);
        else
            problem =
                $"\"{text}\" is not on loopback, where the demo stays: write {DemoStage.UsualEndPoint}; "
                + $"other addresses are for run";
        return endPoint is not null;
    }

    private static void LogToStandardError(ILoggingBuilder logging) =>
        logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private static int CouldNot(string problem) => UsageError.CouldNot(Console.Error, "demo", problem);
}

/// <summary>What the command line asks of <c>demo</c>.</summary>
/// <param name="Listen">Where the gate listens, on loopback; null for <see cref="DemoStage.UsualEndPoint"/> or, if that
/// is taken, any free port.</param>
/// <param name="Backend">How the loops wait.</param>
/// <param name="Once">End after the show.</param>
internal sealed record DemoOptions(IPEndPoint? Listen, string Backend, bool Once);
