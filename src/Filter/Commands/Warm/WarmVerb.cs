using System.CommandLine;
using System.Net;
using FastGate.Commands.Shared;
using FastGate.Config;

namespace FastGate.Commands.Warm;

/// <summary><c>fastgate warm</c>: pulls missing models and loads each one, so that no client has to wait for
/// it.</summary>
internal static class WarmVerb
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Argument<string[]> models = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "Models to load, such as qwen3, qwen3:8b or hf.co/user/model:Q4_K_M",
        };
        Option<string?> keepAlive = new("--keep-alive")
        {
            HelpName = "TIME",
            Description =
                "How long Ollama keeps an idle model in memory: 30m, 24h, or -1 for no limit (default: Ollama's own)",
        };
        Option<int> wait = new("--wait")
        {
            HelpName = "SECONDS",
            Description = "How long to wait for Ollama if it does not respond yet (default: not at all)",
        };
        Verb verb = new(
            "warm",
            "Pull missing models and load each one, directly in Ollama rather than through the gate.",
            new Example(
                "fastgate warm qwen3:8b nomic-embed-text",
                "Pull what is missing and load both; exit code 1 if one fails."
            ),
            new Example("fastgate warm --keep-alive -1 qwen3:8b", "Keep the model in memory until Ollama stops.")
        )
        {
            models,
            keepAlive,
            wait,
        };
        flags.AddUpstreamTo(verb);
        verb.SetAction(
            (parsed, _) =>
                RunAsync(
                    parsed,
                    flags,
                    parsed.GetValue(models) ?? [],
                    parsed.GetValue(keepAlive),
                    TimeSpan.FromSeconds(parsed.GetValue(wait)),
                    terminal
                )
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        ConfigFlags flags,
        string[] arguments,
        string? keepAliveText,
        TimeSpan wait,
        Terminal terminal
    )
    {
        if (arguments.FirstOrDefault(argument => argument.StartsWith('-')) is { } flag)
        {
            UsageError.WriteUnknown(terminal.Error, flag, parsed.CommandResult.Command);
            return ExitCodes.CouldNot;
        }
        if (ReadNames(arguments, terminal) is not { } names)
            return ExitCodes.CouldNot;
        KeepAlive? keepAlive = null;
        if (keepAliveText is not null && !KeepAlive.TryParse(keepAliveText, out keepAlive))
            return CouldNot(
                terminal,
                $"--keep-alive: \"{TerminalText.Sentence(keepAliveText)}\" is not a valid duration: write one such "
                    + "as 30m, 24h, or -1 for no limit"
            );
        Machine machine = Machine.Read();
        if (flags.Load(parsed, machine, terminal) is not { Plan: { } plan })
            return ExitCodes.CouldNot;
        (IPEndPoint? upstream, string problem) = await UpstreamLookup.FindAsync(plan, machine.Interfaces);
        if (upstream is null)
            return CouldNot(terminal, problem);
        using OllamaClient ollama = new(upstream);
        return await WarmAsync(names, ollama, keepAlive, wait, terminal);
    }

    private static async Task<int> WarmAsync(
        List<string> names,
        OllamaClient ollama,
        KeepAlive? keepAlive,
        TimeSpan wait,
        Terminal terminal
    )
    {
        using StopSignals signals = new();
        IReadOnlyList<InstalledModel> installed;
        try
        {
            installed = await ModelsAsync(ollama, wait, signals.Token);
        }
        catch (OllamaException exception)
        {
            string cure = exception.IsAbsent
                ? ": start Ollama (ollama serve), or set its address with --upstream or \"upstream\" in the config"
                : "";
            return CouldNot(terminal, TerminalText.Sentence(exception.Message) + cure);
        }
        catch (OperationCanceledException)
        {
            return CouldNot(terminal, "stopped before Ollama responded");
        }
        if (names.Count == 0)
            return Usage(terminal, installed);
        IWarmView view = terminal.IsLive
            ? new WarmLiveView(terminal.Screen, TimeProvider.System)
            : new WarmPlainView(terminal.Out, TimeProvider.System);
        bool areLoaded = await new WarmRun(terminal, view, ollama, keepAlive, TimeProvider.System).RunAsync(
            names,
            installed,
            signals.Token
        );
        return areLoaded ? ExitCodes.Yes : ExitCodes.No;
    }

    // At a login or boot, Ollama may start later than this program.
    private static async Task<IReadOnlyList<InstalledModel>> ModelsAsync(
        OllamaClient ollama,
        TimeSpan wait,
        CancellationToken cancellationToken
    )
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ollama.ModelsAsync(cancellationToken);
            }
            catch (OllamaException exception)
                when (exception.IsAbsent && TimeProvider.System.GetElapsedTime(start) < wait)
            {
                // It does not respond yet.
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Parses the model names, without duplicates; reports invalid ones and returns null.</summary>
    private static List<string>? ReadNames(string[] arguments, Terminal terminal)
    {
        List<string> names = [];
        bool isValid = true;
        foreach (string argument in arguments)
        {
            if (!ModelName.TryParse(argument, out string? name, out string? problem))
            {
                terminal.Error.WriteLine($"fastgate warm: \"{TerminalText.Sentence(argument)}\" {problem}");
                isValid = false;
            }
            else if (!names.Contains(name, ModelName.Comparer))
                names.Add(name);
        }
        return isValid ? names : null;
    }

    private static int Usage(Terminal terminal, IReadOnlyList<InstalledModel> installed)
    {
        terminal.Error.WriteLine("fastgate warm: no model given; name one or more, such as fastgate warm qwen3:8b");
        if (installed.Count > 0)
            terminal.Error.WriteLine("Installed models:");
        foreach (InstalledModel model in installed.OrderBy(model => model.Name, ModelName.Comparer))
            terminal.Error.WriteLine($"  {TerminalText.Text(model.Name)}  {TextFormat.Bytes(model.Bytes)}");
        return ExitCodes.CouldNot;
    }

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "warm", problem);
}
