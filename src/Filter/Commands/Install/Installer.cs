using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>Runs one installation, from probing the machine to verifying the result, and its reversal.</summary>
internal sealed class Installer(HostEnvironment environment)
{
    public InstallPaths Paths { get; } = new(environment);

    public Task<MachineState> ProbeAsync() => new MachineProbe(environment, Paths).ProbeAsync();

    /// <param name="state">The machine before the installation.</param>
    /// <param name="answers">What the command line has decided already.</param>
    /// <param name="withOllama">Ask about Ollama's service too.</param>
    public IReadOnlyList<Question> Questions(MachineState state, Answers answers, bool withOllama) =>
        [
            .. new Questions(environment, Paths, WithNewConfig(state, answers, withOllama))
                .All(withOllama)
                .Where(question => !answers.Decides(question.Kind)),
        ];

    /// <summary>The lines of <c>allow</c> that a new config gets; null if a config exists.</summary>
    public IReadOnlyList<string>? NewRules(MachineState state, Answers answers, bool withOllama) =>
        WithNewConfig(state, answers, withOllama).NewConfig is { } config
            ? [.. config.Plan.Listeners[0].Lines.Select(line => line.Value)]
            : null;

    public InstallPlan Plan(MachineState probed, Answers answers, bool withOllama, IReadOnlyList<string>? models = null)
    {
        MachineState state = WithNewConfig(probed, answers, withOllama);
        Disk disk = new(state.Journal);
        InstallPlan plan = environment.Machine.IsMac
            ? new MacPlanner(environment, Paths, state, answers, disk).Plan(withOllama, models ?? [])
            : new LinuxPlanner(environment, Paths, state, answers, disk).Plan(models ?? []);
        return plan.Problem is null && ProblemOf(state, answers, withOllama) is { } problem
            ? InstallPlan.Refused($"{problem}. Nothing was changed.")
            : plan;
    }

    public IAsyncEnumerable<StepReport> RunAsync(MachineState state, InstallPlan plan) =>
        new PlanRun(state.Journal, new Disk(state.Journal), RollbackOf(state.Journal), Paths.Staging).RunAsync(
            plan.Steps
        );

    /// <summary>The steps of <c>uninstall</c>, one line each.</summary>
    public IReadOnlyList<string> UndoLines(Journal journal) =>
        [.. journal.Changes.Reverse().Select(new Undo(environment, Paths).Line)];

    public IAsyncEnumerable<StepReport> UndoAsync(Journal journal) => RollbackOf(journal).RunAsync(0);

    /// <summary>The plan of the config as it is now, which this run may have written.</summary>
    public GatePlan CurrentPlan(MachineState state) =>
        ConfigLoader.Load(state.Config.Path, new GateFile(), environment.Machine).Plan ?? state.Plan;

    /// <param name="state">The machine before the installation.</param>
    /// <param name="answers">The user's answers.</param>
    /// <param name="plan">The plan that the gate runs with.</param>
    /// <param name="withOllama">Ollama's service was planned for too.</param>
    public async IAsyncEnumerable<CheckResult> VerifyAsync(
        MachineState state,
        Answers answers,
        GatePlan plan,
        bool withOllama
    )
    {
        await foreach (CheckResult report in new Verification(environment, state.Config, plan).RunAsync())
            yield return report;
        bool isChosen =
            answers.Choice(QuestionKind.Listen) > 0
            || answers.IsYes(QuestionKind.MoveClients)
            || answers.Listen.Count > 0;
        if (Clients(state, answers, withOllama).Run(plan, isChosen) is { } clients)
            yield return clients;
    }

    /// <summary>Why the installation must not start; null if it may.</summary>
    private string? ProblemOf(MachineState state, Answers answers, bool withOllama)
    {
        if (answers.IsNo(QuestionKind.ReplaceForeign))
            return "you chose to keep the existing installation, so FastGate cannot be installed";
        if (state.NewConfig?.Problem is { } problem)
            return problem.TrimEnd('.');
        ClientCheck clients = Clients(state, answers, withOllama);
        if (answers.IsYes(QuestionKind.MoveClients) || answers.Listen.Count > 0)
            return null;
        if (clients.ProblemOf(state.Plan) is { } addressProblem)
            return addressProblem;
        return answers.Choice(QuestionKind.Listen) == 0 && clients.CutsOff(state.Plan)
            ? $"clients would be cut off, because FastGate would listen on {ClientCheck.Listens(state.Plan)}"
            : null;
    }

    private ClientCheck Clients(MachineState state, Answers answers, bool withOllama) =>
        new(environment.Machine, ClientAddress.All(state, Paths, withOllama && RestrictsOllama(state, answers)));

    private MachineState WithNewConfig(MachineState state, Answers answers, bool withOllama)
    {
        if (state.Config.FileExists || state.Config.Plan is null)
            return state;
        string upstream = state.Haproxy?.Server ?? state.Plan.Upstream.ToString();
        ListenChoice choice = ListenChoice.Of(
            ClientAddress.All(state, Paths, withOllama),
            environment.Machine,
            upstream
        );
        // An Ollama that is left in place keeps its address.
        if (!RestrictsOllama(state, answers))
            choice = ListenChoice.Of([], environment.Machine, upstream);
        return state with { NewConfig = NewConfig.Of(environment, state, answers, choice) };
    }

    // Before the prompts, the default answers apply.
    private static bool RestrictsOllama(MachineState state, Answers answers) =>
        state.IsHaproxyInTheWay
        || state.FixableOllamas.Count == 0
        || !answers.IsAnswered(QuestionKind.RestrictOllama)
        || answers.IsYes(QuestionKind.RestrictOllama);

    private Rollback RollbackOf(Journal journal) => new(journal, new Undo(environment, Paths));
}
