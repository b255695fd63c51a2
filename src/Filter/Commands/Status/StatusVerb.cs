using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Admin;

namespace FastGate.Commands.Status;

/// <summary><c>fastgate status</c>: how the running gate is. Exit code 0 when one runs, 1 when not, 2 when it cannot be
/// told.</summary>
internal static class StatusVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> config = new("--config")
        {
            HelpName = "FILE",
            Description = "The config file of the gate, in place of ~/.config/fastgate/fastgate.json",
        };
        Option<string?> socket = new("--socket")
        {
            HelpName = "PATH",
            Description = "Where the gate is asked, in place of what the config says (\"metrics.socket\")",
        };
        Option<bool> json = new("--json") { Description = "One line of JSON" };
        Option<bool> watch = new("--watch", "-w") { Description = "Again each second, until Ctrl-C" };
        Verb verb = new(
            "status",
            "Show how the running gate is: listeners, requests, times, Ollama.",
            new Example("fastgate status --watch", "Look on while clients work."),
            new Example("fastgate status --json", "For other programs; 1 when no gate runs.")
        )
        {
            config,
            socket,
            json,
            watch,
        };
        verb.SetAction(
            async (parsed, cancellationToken) =>
            {
                Machine machine = Machine.Read();
                string? path = parsed.GetValue(socket) is { } named
                    ? Path.GetFullPath(named)
                    : SocketOf(ConfigPath.Find(parsed.GetValue(config), machine), machine);
                if (path is null)
                    return CouldNot(
                        terminal,
                        "the config says that the gate has no socket (\"metrics.socket\"); if it was "
                            + "started with another, name it with --socket"
                    );
                using HttpProbe probe = new();
                (HostEnvironment? site, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (site is null)
                    return CouldNot(terminal, problem);
                using StatusFrames frames = new(path, site, TimeProvider.System);
                return await RunAsync(
                    frames,
                    parsed.GetValue(json),
                    parsed.GetValue(watch),
                    terminal,
                    cancellationToken
                );
            }
        );
        return verb;
    }

    /// <summary>The verb, whatever the frames come from.</summary>
    public static async Task<int> RunAsync(
        StatusFrames frames,
        bool json,
        bool watch,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        if (watch)
            return await WatchAsync(frames, json, terminal, cancellationToken);
        StatusFrame frame = await frames.NextAsync(cancellationToken);
        if (json)
            terminal.Out.WriteLine(StatusJson.Of(frame));
        else if (frame.IsRunning)
            foreach (string line in StatusPage.Lines(frame))
                terminal.Line(line);
        else
            terminal.Error.WriteLine(StatusText.Absence(frame));
        return CodeOf(frame);
    }

    private static async Task<int> WatchAsync(
        StatusFrames frames,
        bool json,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        StatusFrame? last = null;
        try
        {
            if (json)
                await WriteAsync(
                    frames.AllAsync(stopping.Token).Select(frame => StatusJson.Of(last = frame)),
                    terminal
                );
            else
                await terminal.RedrawAsync(
                    frames.AllAsync(stopping.Token).Select(frame => StatusPage.Lines(last = frame))
                );
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the last frame stays to be seen.
        }
        return last is null ? ExitCodes.No : CodeOf(last);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    /// <summary>Ends with the first that nobody reads: <c>fastgate status --watch --json | head -1</c>.</summary>
    private static async Task WriteAsync(IAsyncEnumerable<string> lines, Terminal terminal)
    {
        using LineOutput output = LineOutput.Of(terminal);
        await foreach (string line in lines)
            if (!output.TryWrite(line) || !output.TryFlush())
                return;
    }

    /// <summary>A config with mistakes is check's affair: the gate that runs has an earlier one.</summary>
    private static string? SocketOf(ConfigPath config, Machine machine)
    {
        if (ConfigLoader.Load(config, new GateFile(), machine).Plan is { } plan)
            return plan.MetricsSocket;
        return StatePath.MetricsSocket.TryParse(StatePath.Auto, machine, out string? usual, out string? _)
            ? usual
            : null;
    }

    private static int CodeOf(StatusFrame frame) =>
        frame.IsRunning ? ExitCodes.Yes
        : frame.Answer.Outcome is AdminOutcome.NoSocket or AdminOutcome.NotListening ? ExitCodes.No
        : ExitCodes.CouldNot;

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "status", problem);
}

/// <summary>A frame as one line of JSON: what was found out about the gate, and what it said itself.</summary>
internal static class StatusJson
{
    public static string Of(StatusFrame frame)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteBoolean("running", frame.IsRunning);
            if (!frame.IsRunning)
                json.WriteString("problem", StatusText.Absence(frame));
            json.WriteString("socket", frame.Socket);
            json.WriteString("keptBy", frame.Keeper.Name);
            json.WriteString("keeperState", frame.Keeper.State);
            if (frame.IsRunning)
            {
                json.WriteBoolean("upstreamAnswers", frame.Ollama is not null);
                json.WritePropertyName("gate");
                json.WriteRawValue(frame.Answer.Json);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
