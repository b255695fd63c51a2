using System.CommandLine;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary><c>fastgate install</c>: puts FastGate in its place and has the system keep it.</summary>
internal static class InstallVerb
{
    public static Command Create(Terminal terminal)
    {
        Option<bool> dryRun = new("--dry-run") { Description = "Show every step and every file, and change nothing" };
        Option<bool> yes = new("--yes", "-y") { Description = "Take the usual answer to every question" };
        Option<bool> noOllama = new("--no-ollama") { Description = "Leave Ollama alone (on Linux it always is)" };
        Verb verb = new(
            "install",
            "Install FastGate for this user: a LaunchAgent on macOS, a systemd user unit on Linux.",
            new Example("fastgate install --dry-run", "What would be done here? Nothing is changed."),
            new Example("fastgate install", "Do it, asking before anything that somebody else made is touched.")
        )
        {
            dryRun,
            yes,
            noOllama,
        };
        verb.SetAction(
            async (parsed, _) =>
            {
                using HttpProbe probe = new();
                (HostEnvironment? environment, string problem) = await HostEnvironmentReader.ReadAsync(probe);
                if (environment is null)
                    return CouldNot(terminal, problem);
                InstallChoices choices = new(parsed.GetValue(dryRun), parsed.GetValue(yes), !parsed.GetValue(noOllama));
                return await RunAsync(environment, choices, terminal);
            }
        );
        return verb;
    }

    /// <summary>The verb on any environment.</summary>
    public static async Task<int> RunAsync(HostEnvironment environment, InstallChoices choices, Terminal terminal)
    {
        if (environment.IsSudo)
            return CouldNot(terminal, "this is for your own login: run it without sudo");
        Installer installer = new(environment);
        if (installer.Paths.Problem is { } unfit)
            return CouldNot(terminal, unfit);
        MachineState state;
        try
        {
            state = await installer.ProbeAsync();
        }
        catch (InvalidDataException exception)
        {
            return CouldNot(
                terminal,
                $"{TerminalText.Prose(exception.Message)} Move it away to install as if for the first time."
            );
        }
        if (state.Config.Plan is null)
        {
            ProblemList.Write(terminal.Error, state.Config);
            return ExitCodes.CouldNot;
        }
        InstallScreen screen = new(terminal, installer.Paths);
        if (Answers(installer.Questions(state, choices.WithOllama), choices, screen) is not { } answers)
            return CouldNot(terminal, "there is nobody to answer; --yes takes the usual answers. Nothing was changed.");
        InstallPlan plan = installer.Plan(state, answers, choices.WithOllama);
        if (plan.Problem is { } problem)
        {
            terminal.Error.WriteLine($"fastgate: {TerminalText.Prose(problem)}");
            return ExitCodes.No;
        }
        if (!choices.DryRun)
            return await DoAsync(environment, installer, state, answers, plan, choices, screen);
        await screen.ShowAsync(plan);
        return ExitCodes.Yes;
    }

    private static Answers? Answers(IReadOnlyList<Question> questions, InstallChoices choices, InstallScreen screen)
    {
        Answers answers = new();
        foreach (Question question in questions)
        {
            if (!question.When(answers))
                continue;
            int? answer = choices.DryRun || choices.Yes ? screen.AnswerByDefault(question) : screen.Ask(question);
            if (answer is null)
                return null;
            answers.Add(question.Kind, answer.Value);
        }
        return answers;
    }

    private static async Task<int> DoAsync(
        HostEnvironment environment,
        Installer installer,
        MachineState state,
        Answers answers,
        InstallPlan plan,
        InstallChoices choices,
        InstallScreen screen
    )
    {
        if (!await screen.ShowAsync(installer.RunAsync(state, plan)))
        {
            screen.ShowFailure(installer.Paths);
            return ExitCodes.CouldNot;
        }
        GatePlan present = installer.PresentPlan(state);
        bool holds = await screen.ShowAsync(installer.VerifyAsync(state, answers, present, choices.WithOllama));
        screen.ShowNotes(plan.Notes);
        screen.ShowNextSteps(environment, present);
        return holds ? ExitCodes.Yes : ExitCodes.No;
    }

    private static int CouldNot(Terminal terminal, string problem) =>
        UsageError.CouldNot(terminal.Error, "install", problem);
}

/// <summary>What the flags of <c>install</c> say.</summary>
/// <param name="DryRun">Change nothing.</param>
/// <param name="Yes">Ask nothing.</param>
/// <param name="WithOllama">See to Ollama's agent as well.</param>
internal sealed record InstallChoices(bool DryRun = false, bool Yes = false, bool WithOllama = true);
