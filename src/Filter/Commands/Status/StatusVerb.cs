using System.CommandLine;
using System.Text;
using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Admin;

namespace FastGate.Commands.Status;

/// <summary><c>fastgate status</c>: shows the running gate. Exit code 0 when a gate is running, 1 when none is, 2 when
/// that cannot be determined.</summary>
internal static class StatusVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<string?> config = new("--config")
        {
            HelpName = "FILE",
            Description = "Config file of the gate (default: ~/.config/fastgate/fastgate.json)",
        };
        Option<string?> socket = new("--socket")
        {
            HelpName = "PATH",
            Description = "Metrics socket of the gate (default: \"metrics.socket\" in the config)",
        };
        Option<bool> json = new("--json") { Description = "Print one line of JSON" };
        Option<bool> watch = new("--watch", "-w") { Description = "Refresh every second until Ctrl-C" };
        Option<bool> open = new("--open") { Description = "Open the status page in a browser, or print its address" };
        Verb verb = new(
            "status",
            "Show the running gate: listeners, requests, response times, Ollama.",
            new Example("fastgate status --watch", "Watch live traffic."),
            new Example("fastgate status --open", "Open the page with charts of the last hour."),
            new Example("fastgate status --json", "Print JSON for scripts; exit code 1 when no gate is running.")
        )
        {
            config,
            socket,
            json,
            watch,
            open,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(open) && (result.GetValue(json) || result.GetValue(watch)))
                result.AddError("--open cannot be combined with --json or --watch");
        });
        verb.SetAction(
            async (parsed, cancellationToken) =>
            {
                Machine machine = Machine.Read();
                string? path = parsed.GetValue(socket) is { } given
                    ? Path.GetFullPath(given)
                    : SocketOf(ConfigPath.Find(parsed.GetValue(config), machine), machine);
                if (path is null)
                    return CouldNot(
                        terminal,
                        "the metrics socket is off in the config (\"metrics.socket\"); if the gate was started with "
                            + "a socket, pass its path with --socket"
                    );
                using HttpProbe probe = new();
                (HostEnvironment? host, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (host is null)
                    return CouldNot(terminal, problem);
                using StatusFrames frames = new(path, host, TimeProvider.System);
                if (parsed.GetValue(open))
                    return await new PageOpener(host, Environment.GetEnvironmentVariable).OpenAsync(
                        await frames.NextAsync(cancellationToken),
                        terminal
                    );
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

    /// <summary>Shows the gate of the default config, if it runs.</summary>
    public static async Task<bool> TryShowRunningAsync(Terminal terminal)
    {
        Machine machine = Machine.Read();
        using HttpProbe probe = new();
        if (
            SocketOf(ConfigPath.Find(null, machine), machine) is not { } path
            || !File.Exists(path)
            || (await HostEnvironmentReader.ReadAsync(probe)).Environment is not { } host
        )
            return false;
        using StatusFrames frames = new(path, host, TimeProvider.System);
        StatusFrame frame = await frames.NextAsync(CancellationToken.None);
        if (!frame.IsRunning)
            return false;
        foreach (string line in StatusPage.Lines(frame, terminal.Width))
            terminal.Line(line);
        return true;
    }

    /// <summary>Runs the verb on frames from any source.</summary>
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
            foreach (string line in StatusPage.Lines(frame, terminal.Width))
                terminal.Line(line);
        else
            terminal.Error.WriteLine(StatusText.Problem(frame));
        return CodeOf(frame);
    }

    private static async Task<int> WatchAsync(
        StatusFrames frames,
        bool json,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        using StopSignals signals = new(cancellationToken: cancellationToken);
        StatusFrame? last = null;
        try
        {
            if (json)
                await WriteAsync(frames.AllAsync(signals.Token).Select(frame => StatusJson.Of(last = frame)), terminal);
            else
                await terminal.RedrawAsync(
                    frames
                        .AllAsync(signals.Token)
                        .Select(frame => StatusPage.Screen(last = frame, terminal.Width, terminal.Height))
                );
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the last frame stays on the screen.
        }
        return last is null ? ExitCodes.No : CodeOf(last);
    }

    /// <summary>Stops when the reader is gone: <c>fastgate status --watch --json | head -1</c>.</summary>
    private static async Task WriteAsync(IAsyncEnumerable<string> lines, Terminal terminal)
    {
        using LineOutput output = LineOutput.Of(terminal);
        await foreach (string line in lines)
            if (!output.TryWrite(line) || !output.TryFlush())
                return;
    }

    /// <summary>Finds the gate's socket. An invalid config is not an error here, because the running gate has an
    /// earlier one: the default socket is used.</summary>
    private static string? SocketOf(ConfigPath config, Machine machine)
    {
        if (ConfigLoader.Load(config, new GateFile(), machine).Plan is { } plan)
            return plan.MetricsSocket;
        return StatePath.MetricsSocket.TryParse(StatePath.Auto, machine, out string? path, out string? _) ? path : null;
    }

    public static int CodeOf(StatusFrame frame) =>
        frame.IsRunning ? ExitCodes.Yes
        : frame.Response.Outcome is AdminOutcome.NoSocket or AdminOutcome.NotListening ? ExitCodes.No
        : ExitCodes.CouldNot;

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "status", problem);
}

/// <summary>Writes a frame as one line of JSON: what <c>status</c> found out about the gate, and the gate's own
/// snapshot.</summary>
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
                json.WriteString("problem", StatusText.Problem(frame));
            json.WriteString("socket", frame.Socket);
            json.WriteString("keptBy", frame.Service.Name);
            json.WriteString("keeperState", frame.Service.State);
            if (frame.IsRunning)
            {
                json.WriteBoolean("upstreamAnswers", frame.Ollama is not null);
                json.WritePropertyName("gate");
                json.WriteRawValue(frame.Response.Json);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
