using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>An installation from its survey to its end, and its inverse. One at a time.</summary>
internal sealed class Installer(HostEnvironment site)
{
    public InstallPaths Places { get; } = new(site);

    public Task<MachineState> ProbeAsync() => new MachineProbe(site, Places).ProbeAsync();

    public IReadOnlyList<Question> Questions(MachineState findings, bool withOllama) =>
        new Questions(site, Places, With(findings, new Answers(), withOllama)).All(withOllama);

    public InstallPlan Plan(MachineState found, Answers answers, bool withOllama)
    {
        MachineState findings = With(found, answers, withOllama);
        Disk disk = new(findings.Journal);
        InstallPlan plan = site.Machine.IsMac
            ? new MacPlanner(site, Places, findings, answers, disk).Plan(withOllama)
            : new LinuxPlanner(site, Places, findings, answers, disk).Plan();
        return plan.Problem is null && ProblemOf(findings, answers, withOllama) is { } problem
            ? new InstallPlan([], [], $"{problem}: nothing was changed.")
            : plan;
    }

    public IAsyncEnumerable<StepReport> RunAsync(MachineState findings, InstallPlan plan) =>
        new PlanRun(findings.Journal, new Disk(findings.Journal), Unwinder(findings.Journal), Places.Staging).RunAsync(
            plan.Steps
        );

    /// <summary>What uninstall would do, line by line.</summary>
    public IReadOnlyList<string> UndoLines(Journal journal) =>
        [.. journal.Changes.Reverse().Select(new Undo(site, Places).Line)];

    public IAsyncEnumerable<StepReport> UndoAsync(Journal journal) => Unwinder(journal).UnwindAsync(0);

    /// <summary>What the config says now, which the installation may have written itself.</summary>
    public GatePlan PresentPlan(MachineState findings) =>
        ConfigLoader.Load(findings.Config.Path, new GateFile(), site.Machine).Plan ?? findings.Plan;

    /// <param name="findings">What was there before.</param>
    /// <param name="answers">What the owner wanted.</param>
    /// <param name="plan">What the gate runs with.</param>
    /// <param name="withOllama">Ollama was seen to as well.</param>
    public async IAsyncEnumerable<CheckResult> VerifyAsync(
        MachineState findings,
        Answers answers,
        GatePlan plan,
        bool withOllama
    )
    {
        await foreach (CheckResult report in new Verification(site, findings.Config, plan).RunAsync())
            yield return report;
        bool isChosen = answers.Choice(QuestionKind.Listen) > 0 || answers.GetValueOrDefault(QuestionKind.MoveClients);
        if (Clients(findings, answers, withOllama).Look(plan, isChosen) is { } clients)
            yield return clients;
    }

    /// <summary>Why nothing should be begun; null if all is well.</summary>
    private string? ProblemOf(MachineState findings, Answers answers, bool withOllama)
    {
        if (findings.New?.Problem is { } problem)
            return problem.TrimEnd('.');
        ClientCheck clients = Clients(findings, answers, withOllama);
        if (answers.GetValueOrDefault(QuestionKind.MoveClients))
            return null;
        if (clients.ProblemOf(findings.Plan) is { } noAddress)
            return noAddress;
        return answers.Choice(QuestionKind.Listen) == 0 && clients.CutsOff(findings.Plan)
            ? $"clients would be cut off, since FastGate would listen at {ClientCheck.Listens(findings.Plan)}"
            : null;
    }

    private ClientCheck Clients(MachineState findings, Answers answers, bool withOllama) =>
        new(site.Machine, ClientAddress.All(findings, Places, withOllama && ClosesOllama(findings, answers)));

    private MachineState With(MachineState findings, Answers answers, bool withOllama)
    {
        if (findings.Config.IsThere || findings.Config.Plan is null)
            return findings;
        string upstream = findings.Haproxy?.Server ?? findings.Plan.Upstream.ToString();
        ListenChoice choice = ListenChoice.Of(ClientAddress.All(findings, Places, withOllama), site.Machine, upstream);
        // An Ollama that stays where it is keeps its address.
        if (!ClosesOllama(findings, answers))
            choice = ListenChoice.Of([], site.Machine, upstream);
        return findings with { New = NewConfig.Of(site, findings, answers, choice) };
    }

    // Before anything is asked, the usual answers count.
    private static bool ClosesOllama(MachineState findings, Answers answers) =>
        findings.IsHaproxyInTheWay
        || findings.ClosableOllamas.Count == 0
        || !answers.IsGiven(QuestionKind.CloseOllama)
        || answers.GetValueOrDefault(QuestionKind.CloseOllama);

    private Rollback Unwinder(Journal journal) => new(journal, new Undo(site, Places));
}
