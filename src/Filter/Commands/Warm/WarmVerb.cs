using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using FastGate.Commands.Shared;
using FastGate.Config;

namespace FastGate.Commands.Warm;

/// <summary><c>fastgate warm</c>: pulls what is missing and loads each model, so that no client has to wait for
/// that.</summary>
internal static class WarmVerb
{
    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Argument<string[]> models = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Names such as qwen3, qwen3:8b or hf.co/user/model:Q4_K_M",
        };
        Option<string?> keepAlive = new("--keep-alive")
        {
            HelpName = "TIME",
            Description =
                "How long Ollama keeps each in memory when it is not asked: 30m, 24h, -1 for ever; the "
                + "default is Ollama's",
        };
        Verb verb = new(
            "warm",
            "Pull the models that are missing, and load each; to Ollama itself, not through the gate.",
            new Example(
                "fastgate warm qwen3:8b nomic-embed-text",
                "Both are there and loaded when this ends; exit code 1 if one is not."
            ),
            new Example("fastgate warm --keep-alive -1 qwen3:8b", "It stays in memory until Ollama ends.")
        )
        {
            models,
            keepAlive,
        };
        flags.AddUpstreamTo(verb);
        verb.SetAction(
            (parsed, _) => RunAsync(parsed, flags, parsed.GetValue(models) ?? [], parsed.GetValue(keepAlive), terminal)
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        ConfigFlags flags,
        string[] words,
        string? keepAliveText,
        Terminal terminal
    )
    {
        if (words.FirstOrDefault(word => word.StartsWith('-')) is { } flag)
        {
            UsageError.WriteUnknown(terminal.Error, flag, parsed.CommandResult.Command);
            return ExitCodes.CouldNot;
        }
        if (ReadNames(words, terminal) is not { } names)
            return ExitCodes.CouldNot;
        KeepAlive? keepAlive = null;
        if (keepAliveText is not null && !KeepAlive.TryParse(keepAliveText, out keepAlive))
            return CouldNot(
                terminal,
                $"--keep-alive: \"{TerminalText.Sentence(keepAliveText)}\" is no time: write one such "
                    + $"as 30m, 24h, or -1 for ever"
            );
        Machine machine = Machine.Read();
        ConfigResult config = ConfigLoader.Load(flags.PathOf(parsed, machine), flags.Read(parsed), machine);
        if (config.Plan is null)
        {
            ProblemList.Write(terminal.Error, config);
            return ExitCodes.CouldNot;
        }
        (IPEndPoint? upstream, string problem) = await UpstreamLookup.FindAsync(config.Plan, machine.Interfaces);
        if (upstream is null)
            return CouldNot(terminal, problem);
        using OllamaClient ollama = new(upstream);
        return await WarmAsync(names, ollama, keepAlive, terminal);
    }

    private static async Task<int> WarmAsync(
        List<string> names,
        OllamaClient ollama,
        KeepAlive? keepAlive,
        Terminal terminal
    )
    {
        using CancellationTokenSource stopping = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        IReadOnlyList<InstalledModel> installed;
        try
        {
            installed = await ollama.ModelsAsync(stopping.Token);
        }
        catch (OllamaException silence)
        {
            string cure = silence.IsAbsent
                ? ": start it (ollama serve), or say where it is: --upstream HOST:PORT, or \"upstream\" in the config"
                : "";
            return CouldNot(terminal, TerminalText.Sentence(silence.Message) + cure);
        }
        catch (OperationCanceledException)
        {
            return CouldNot(terminal, "stopped before Ollama had answered");
        }
        if (names.Count == 0)
            return Usage(terminal, installed);
        IWarmView view = terminal.IsLive
            ? new WarmLiveView(terminal.Screen, TimeProvider.System)
            : new WarmPlainView(terminal.Out, TimeProvider.System);
        bool isWell = await new WarmRun(terminal, view, ollama, keepAlive, TimeProvider.System).RunAsync(
            names,
            installed,
            stopping.Token
        );
        return isWell ? ExitCodes.Yes : ExitCodes.No;

        void Stop(PosixSignalContext signal)
        {
            // The second one is left to the system, which ends the program.
            if (stopping.IsCancellationRequested)
                return;
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    /// <summary>Each once; null when some are no names, which is said.</summary>
    private static List<string>? ReadNames(string[] words, Terminal terminal)
    {
        List<string> names = [];
        bool isWell = true;
        foreach (string word in words)
        {
            if (!ModelName.TryParse(word, out string? name, out string? problem))
            {
                terminal.Error.WriteLine($"fastgate warm: \"{TerminalText.Sentence(word)}\" {problem}");
                isWell = false;
            }
            else if (!names.Contains(name, ModelName.Comparer))
                names.Add(name);
        }
        return isWell ? names : null;
    }

    private static int Usage(Terminal terminal, IReadOnlyList<InstalledModel> installed)
    {
        terminal.Error.WriteLine("fastgate warm: which models? Name one or more, such as: fastgate warm qwen3:8b");
        if (installed.Count > 0)
            terminal.Error.WriteLine("Ollama has these:");
        foreach (InstalledModel model in installed.OrderBy(model => model.Name, ModelName.Comparer))
            terminal.Error.WriteLine($"  {TerminalText.Text(model.Name)}  {Amount.Bytes(model.Bytes)}");
        return ExitCodes.CouldNot;
    }

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "warm", problem);
}
