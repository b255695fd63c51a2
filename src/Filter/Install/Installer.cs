using FastGate.Config;

namespace FastGate.Install;

/// <summary>An installation from its survey to its end, and its inverse. One at a time.</summary>
internal sealed class Installer(Site site)
{
    public Places Places { get; } = new(site);

    public Task<Findings> LookAsync() => new Survey(site, Places).LookAsync();

    public IReadOnlyList<Question> Questions(Findings findings, bool withOllama) => new Questions(site, Places, findings).All(withOllama);

    public InstallPlan Plan(Findings findings, IReadOnlyDictionary<QuestionKind, bool> answers, bool withOllama)
    {
        Disk disk = new(findings.Journal);
        return site.Machine.IsMac
            ? new MacPlanner(site, Places, findings, answers, disk).Plan(withOllama)
            : new LinuxPlanner(site, Places, findings, answers, disk).Plan();
    }

    public IAsyncEnumerable<StepReport> RunAsync(Findings findings, InstallPlan plan) =>
        new PlanRun(findings.Journal, new Disk(findings.Journal), Unwinder(findings.Journal), Places.Staging).RunAsync(plan.Steps);

    /// <summary>What uninstall would do, line by line.</summary>
    public IReadOnlyList<string> UndoLines(Journal journal) => [.. journal.Deeds.Reverse().Select(new Undo(site, Places).Line)];

    public IAsyncEnumerable<StepReport> UndoAsync(Journal journal) => Unwinder(journal).UnwindAsync(0);

    /// <summary>What the config says now, which the installation may have written itself.</summary>
    public GatePlan PresentPlan(Findings findings) =>
        ConfigLoader.Load(findings.Config.Path, new GateFile(), site.Machine).Plan ?? findings.Plan;

    public IAsyncEnumerable<CheckReport> VerifyAsync(GatePlan plan) => new Verification(site, plan).RunAsync();

    private Unwinder Unwinder(Journal journal) => new(journal, new Undo(site, Places));
}
