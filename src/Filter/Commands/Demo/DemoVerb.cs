using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using FastGate.Commands.Shared;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Demo;

/// <summary>
/// <c>fastgate demo</c>: demonstrates the gate in front of a stand-in for Ollama; needs neither Ollama nor a config.
/// Exit code 0 when everything was as expected, 1 when not, 2 when the demo could not run.
/// </summary>
internal static class DemoVerb
{
    public static Command Create()
    {
        Option<string?> listen = new("--listen")
        {
            HelpName = "ADDRESS:PORT",
            Description =
                $"Loopback address to listen on (default: {DemoStage.DefaultEndPoint}, or a free port if that is "
                + "in use)",
        };
        Option<string> backend = new("--backend")
        {
            HelpName = "NAME",
            Description = $"Socket backend: {string.Join(", ", Backends.Names)}",
            DefaultValueFactory = _ => "auto",
        };
        backend.AcceptOnlyFromAmong([.. Backends.Names]);
        Option<bool> once = new("--once")
        {
            Description = "Exit after the demo, with code 1 if anything was unexpected",
        };
        Verb demo = new(
            "demo",
            "Demonstrate the gate in front of a stand-in for Ollama; nothing else is needed.",
            new Example("fastgate demo", "Show an allowed request, a refused one and a stream; keep running for curl."),
            new Example("fastgate demo --once", "Show the same, then exit.")
        )
        {
            listen,
            backend,
            once,
        };
        demo.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    parsed.GetValue(listen),
                    parsed.GetValue(backend)!,
                    parsed.GetValue(once),
                    parsed.InvocationConfiguration.Error,
                    cancellationToken
                )
        );
        return demo;
    }

    private static async Task<int> RunAsync(
        string? listen,
        string backend,
        bool once,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        if (!TryParseListen(listen, out IPEndPoint? endPoint, out string? problem))
            return CouldNot(error, problem);
        using StopSignals signals = new(hangUp: true, cancellationToken);
        using ILoggerFactory logs = LoggerFactory.Create(LogToStandardError);
        try
        {
            return await ShowAsync(
                new DemoOptions(endPoint, backend, once),
                logs.CreateLogger("demo"),
                error,
                signals.Token
            );
        }
        catch (Exception exception) when (exception is BindException or PlatformNotSupportedException or IOException)
        {
            return CouldNot(error, exception.Message);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C during the demo: with --once its result is incomplete.
            return once ? ExitCodes.CouldNot : ExitCodes.Yes;
        }
    }

    private static async Task<int> ShowAsync(
        DemoOptions options,
        ILogger log,
        TextWriter error,
        CancellationToken cancellationToken
    )
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
            return problem is null ? ExitCodes.Yes : ExitCodes.No;

        string? failure = await DemoInteractive.RunAsync(screen, stage, cancellationToken);
        if (failure is not null)
            return CouldNot(error, failure);
        return problem is null ? ExitCodes.Yes : ExitCodes.No;
    }

    private static void Introduce(DemoScreen screen, DemoStage stage)
    {
        screen.Heading("FastGate");
        screen.Facts(
            ("gate", $"{stage.GateEndPoint}, {stage.Rules.Count} rules (@seed), {stage.Backend}"),
            ("upstream", $"{stage.StandInEndPoint}, a stand-in for Ollama")
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
                $"--listen: \"{text}\" is not a loopback address, and the demo listens only on loopback: "
                + $"write {DemoStage.DefaultEndPoint}, or start a real gate with fastgate run";
        return endPoint is not null;
    }

    private static void LogToStandardError(ILoggingBuilder logging) =>
        logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);

    private static int CouldNot(TextWriter error, string problem) => UsageError.CouldNot(error, "demo", problem);
}

/// <summary>The options of <c>demo</c>.</summary>
/// <param name="Listen">Loopback address to listen on; null for <see cref="DemoStage.DefaultEndPoint"/> or, if that is
/// in use, any free port.</param>
/// <param name="Backend">Socket backend.</param>
/// <param name="Once">Exit after the demo.</param>
internal sealed record DemoOptions(IPEndPoint? Listen, string Backend, bool Once);
