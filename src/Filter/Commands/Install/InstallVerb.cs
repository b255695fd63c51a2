using System.CommandLine;
using FastGate.Commands.Clients;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary><c>fastgate install</c>: builds the program, registers it as a service of this user, and verifies the
/// result.</summary>
internal static class InstallVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> dryRun = new("--dry-run") { Description = "Show every step and file without changing anything" };
        Option<bool> yes = new("--yes", "-y") { Description = "Accept the default answer to every prompt" };
        Option<bool> noOllama = new("--no-ollama")
        {
            Description = "Do not change Ollama's service (never changed on Linux)",
        };
        Option<bool> rebuild = new("--rebuild")
        {
            Description = "Publish the program again, even if its source has not changed",
        };
        Option<string[]> warm = new("--warm")
        {
            HelpName = "MODEL",
            Description = "Models to load after each login or boot, such as qwen3:8b",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string?> clients = new("--clients")
        {
            HelpName = "NAME,...",
            Description =
                "Clients that you will use, such as claude-code,codex; all or none. A new config gets their profiles "
                + "(default: ask on a terminal, otherwise none, which means @seed)",
        };
        clients.CompletionSources.Add(context => ClientNames.ListCompletions(context.WordToComplete));
        ConfigFlags flags = new();
        Verb verb = new(
            "install",
            "Install FastGate as a service of this user: a LaunchAgent on macOS, a systemd user unit on Linux.",
            new Example("fastgate install --dry-run", "Show what would change, without changing anything."),
            new Example("fastgate install", "Install, prompting before changing anything FastGate did not create."),
            new Example(
                "fastgate install --yes --clients claude-code,continue",
                "Install without prompts, with the rules of two clients."
            )
        )
        {
            dryRun,
            yes,
            clients,
            noOllama,
            rebuild,
            warm,
        };
        flags.AddNewTo(verb);
        verb.SetAction(
            async (parsed, _) =>
            {
                using HttpProbe probe = new();
                (HostEnvironment? environment, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (environment is null)
                    return CouldNot(terminal, problem);
                if (
                    !ClientNames.TryFindList(
                        parsed.GetValue(clients),
                        out IReadOnlyList<Client>? chosen,
                        out string? unknown
                    )
                )
                    return CouldNot(terminal, unknown);
                InstallChoices choices = new(
                    parsed.GetValue(dryRun),
                    parsed.GetValue(yes),
                    !parsed.GetValue(noOllama),
                    parsed.GetValue(rebuild)
                )
                {
                    Warm = parsed.GetValue(warm) ?? [],
                    Clients = chosen,
                    Config = flags.Read(parsed),
                    IsInteractive = terminal.IsInteractive,
                };
                return await RunAsync(environment, choices, terminal);
            }
        );
        return verb;
    }

    /// <summary>Runs the verb in the given environment.</summary>
    public static async Task<int> RunAsync(HostEnvironment host, InstallChoices choices, Terminal terminal)
    {
        if (host.IsSudo)
            return CouldNot(terminal, "install runs as your own user: run it without sudo");
        if (ModelsProblem(choices.Warm) is { } modelProblem)
            return CouldNot(terminal, modelProblem);
        InstallScreen screen = new(terminal, host.Time);
        HostEnvironment environment = host with { Progress = screen.Progress, Rebuild = choices.Rebuild };
        Installer installer = new(environment);
        if (installer.Paths.Problem is { } pathProblem)
            return CouldNot(terminal, pathProblem);
        MachineState state;
        try
        {
            state = await installer.ProbeAsync();
        }
        catch (InvalidDataException exception)
        {
            return CouldNot(
                terminal,
                $"{TerminalText.Prose(exception.Message)} Move the file away to install as if for the first time."
            );
        }
        if (state.Config.Plan is null)
        {
            ProblemList.Write(terminal.Error, state.Config);
            return ExitCodes.CouldNot;
        }
        if (NewConfigFlags.ProblemOf(choices.Config, state.Config, environment.Machine) is { } flagProblem)
            return CouldNot(terminal, flagProblem);
        if (choices.Asks)
            screen.Introduce();
        if (Answers(installer, state, choices, screen) is not { } answers)
            return InputEnded(terminal);
        InstallPlan plan = installer.Plan(state, answers, choices.WithOllama, choices.Warm);
        if (plan.Problem is { } problem)
        {
            terminal.Error.WriteLine($"fastgate: {TerminalText.Prose(problem)}");
            return ExitCodes.No;
        }
        if (choices.DryRun)
        {
            await screen.ShowAsync(plan);
            return ExitCodes.Yes;
        }
        bool? isConfirmed = choices.Asks ? await screen.ConfirmAsync(plan) : true;
        if (isConfirmed is true)
            return await InstallAsync(environment, installer, state, answers, plan, choices, screen);
        if (isConfirmed is null)
            return InputEnded(terminal);
        terminal.Out.WriteLine("Nothing was changed.");
        return ExitCodes.No;
    }

    private static string? ModelsProblem(IReadOnlyList<string> models)
    {
        foreach (string model in models)
        {
            if (!ModelName.TryParse(model, out _, out string? problem))
                return $"--warm: \"{TerminalText.Sentence(model)}\" {problem}";
        }
        return null;
    }

    private static Answers? Answers(
        Installer installer,
        MachineState state,
        InstallChoices choices,
        InstallScreen screen
    )
    {
        Answers answers = new()
        {
            Clients = choices.Clients ?? [],
            Listen = NewConfigFlags.ListenOf(choices.Config),
            Allow = NewConfigFlags.AllowOf(choices.Config),
        };
        foreach (Question question in installer.Questions(state, answers, choices.WithOllama))
        {
            if (!question.When(answers))
                continue;
            int? answer = choices.DryRun || choices.Yes ? screen.AnswerByDefault(question) : screen.Ask(question);
            if (answer is null)
                return null;
            answers.Add(question.Kind, answer.Value);
        }
        // Last, because the answers decide which rules there are so far.
        if (
            choices is not { Asks: true, Clients: null }
            || installer.NewRules(state, answers, choices.WithOllama) is not { } rules
        )
            return answers;
        if (screen.AskClients(rules) is not { } clients)
            return null;
        answers.Clients = clients;
        return answers;
    }

    private static async Task<int> InstallAsync(
        HostEnvironment environment,
        Installer installer,
        MachineState state,
        Answers answers,
        InstallPlan plan,
        InstallChoices choices,
        InstallScreen screen
    )
    {
        await using IAsyncDisposable? standIn = plan.StandIn;
        if (!await screen.ShowAsync(installer.RunAsync(state, plan)))
        {
            screen.ShowFailure(installer.Paths);
            return ExitCodes.CouldNot;
        }
        GatePlan currentPlan = installer.CurrentPlan(state);
        bool isVerified = await screen.ShowAsync(
            installer.VerifyAsync(state, answers, currentPlan, choices.WithOllama)
        );
        screen.ShowVerdict(isVerified);
        screen.ShowNotes(plan.Notes);
        NextSteps next = new(screen.Terminal, installer.Paths);
        next.ShowClients(
            await ClientReport.ReadAsync(
                state.Config.Path,
                currentPlan,
                environment.Machine,
                environment.Runner,
                answers.Clients
            )
        );
        next.ShowRest(environment, currentPlan);
        return isVerified ? ExitCodes.Yes : ExitCodes.No;
    }

    private static int InputEnded(Terminal terminal) =>
        CouldNot(
            terminal,
            "standard input ended before every prompt was answered; use --yes to accept the defaults. "
                + "Nothing was changed."
        );

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "install", problem);
}

/// <summary>The flags of <c>install</c>.</summary>
/// <param name="DryRun">Show the plan only.</param>
/// <param name="Yes">Accept every default instead of prompting.</param>
/// <param name="WithOllama">Check Ollama's agent too, and restrict it to loopback after asking.</param>
/// <param name="Rebuild">Publish the program again, even if its source has not changed.</param>
internal sealed record InstallChoices(
    bool DryRun = false,
    bool Yes = false,
    bool WithOllama = true,
    bool Rebuild = false
)
{
    /// <summary>The models to load after each login or boot.</summary>
    public IReadOnlyList<string> Warm { get; init; } = [];

    /// <summary>The clients that will be used; null if the command line does not say.</summary>
    public IReadOnlyList<Client>? Clients { get; init; }

    /// <summary>What <c>--listen</c> and <c>--allow</c> say, for a new config.</summary>
    public GateFile Config { get; init; } = new();

    /// <summary>A person can answer: standard input and output are a terminal.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether to explain, to ask about clients, and to show an overview before the first change.</summary>
    public bool Asks => IsInteractive && !Yes && !DryRun;
}
