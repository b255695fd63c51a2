using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Something that the owner decides.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Before">What there is to know, line by line.</param>
/// <param name="Text">The question, to be answered by yes or no, or by one of <see cref="Options"/>.</param>
/// <param name="Usual">The answer of who just presses return.</param>
internal sealed record Question(QuestionKind Kind, IReadOnlyList<string> Before, string Text, bool Usual = true)
{
    /// <summary>What can be chosen; the first is the safe one, and that of who just presses return. Empty for yes or
    /// no.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether it has to be asked, after what was answered before it.</summary>
    public Func<Answers, bool> When { get; init; } = _ => true;

    /// <summary>The number of the option, or 1 for yes.</summary>
    public int UsualAnswer => Options.Count == 0 && Usual ? 1 : 0;
}

/// <summary>Finds what has to be asked on a machine. Pure but for the files that it compares.</summary>
internal sealed class Questions(HostEnvironment site, InstallPaths places, MachineState findings)
{
    /// <param name="withOllama">Ollama is not left alone, so it is asked about.</param>
    public IReadOnlyList<Question> All(bool withOllama)
    {
        ClientQuestions clients = new(site, places, findings, withOllama);
        Question?[] aboutHaproxy = findings.IsHaproxyInTheWay
            ?
            [
                HaproxyQuestions.Replace(findings, places),
                HaproxyQuestions.Remote(findings),
                HaproxyQuestions.Rules(findings),
            ]
            : [];
        Question?[] aboutOllama = withOllama ? [AboutBrew(), AboutOllama(), AboutCloud()] : [];
        return
        [
            .. (
                (Question?[])
                    [
                        .. aboutHaproxy,
                        AboutForeign(),
                        .. aboutOllama,
                        clients.Listen(),
                        clients.Move(),
                        AboutEdits(),
                        AboutLinger(),
                    ]
            ).OfType<Question>(),
        ];
    }

    private Question? AboutBrew() =>
        !findings.HasBrewOllama
            ? null
            : new Question(
                QuestionKind.StopBrew,
                ["Homebrew keeps Ollama here (brew services)."],
                "Stop that service, and keep Ollama by an agent that hears loopback only?"
            );

    private Question? AboutOllama()
    {
        IReadOnlyList<ServerAgent> open = findings.ClosableOllamas;
        if (open.Count == 0)
            return null;
        List<string> before = [];
        foreach (ServerAgent agent in open)
        {
            before.Add(
                $"{OllamaHost.Variable}={agent.Host} "
                    + $"in {agent.Source(OllamaHost.Variable, places.Short)} lets others reach Ollama past the "
                    + $"gate."
            );
            before.Add(
                $"{places.Short(agent.Path)} is kept as {places.Short(Disk.AsideOf(agent.Path))}, and "
                    + $"uninstall puts it back; only {OllamaHost.Variable} changes."
            );
        }
        return new Question(
            QuestionKind.CloseOllama,
            before,
            $"Change it to {OllamaHost.Variable}={findings.Plan.Upstream}?"
        );
    }

    // Asked only where a property list of Ollama's is written anyway. For one that others wrote the usual answer is no:
    // cloud models that somebody works with would be gone.
    private Question? AboutCloud()
    {
        bool isChanged = findings.ClosableOllamas.Count > 0;
        bool isWritten = !isChanged && site.Machine.IsMac && MacPlanner.WritesNewAgent(findings);
        if (
            (!isChanged && !isWritten)
            || findings.OllamaAgents.Any(agent => OllamaCloud.IsOff(agent.Variable(OllamaCloud.Variable)))
        )
            return null;
        return new Question(
            QuestionKind.NoCloud,
            [
                "If this machine is signed in to ollama.com, whoever may ask Ollama may also use that "
                    + "account: cloud models, and web search.",
                $"{OllamaCloud.Variable}={OllamaCloud.Off} turns both off.",
            ],
            $"Set {OllamaCloud.Variable}={OllamaCloud.Off} in Ollama's agent?",
            Usual: isWritten
        )
        {
            When = answers =>
                (!isChanged || answers.GetValueOrDefault(QuestionKind.CloseOllama))
                && (isChanged || !findings.HasBrewOllama || answers.GetValueOrDefault(QuestionKind.StopBrew)),
        };
    }

    private Question? AboutForeign()
    {
        string keeper = site.Machine.IsMac ? places.AgentFile(InstallPaths.FastGateLabel) : places.UnitFile;
        List<string> before = [];
        foreach (string path in (string[])[places.Program, keeper])
        {
            if (!File.Exists(path) || findings.Journal.HashOf(path) is not null)
                continue;
            string what = Describe(path);
            before.Add($"{places.Short(path)} is there, and FastGate's installer did not make it{what}.");
            before.Add($"It is kept as {places.Short(Disk.AsideOf(path))}, and uninstall puts it back.");
        }
        string name = site.Machine.IsMac ? $"the agent {InstallPaths.FastGateLabel}" : InstallPaths.UnitName;
        if (findings.IsForeignGateKept)
            before.Add(
                $"The system keeps {name} already, and FastGate's installer did not arrange that; it is stopped first."
            );
        return before.Count == 0 ? null : new Question(QuestionKind.ReplaceForeign, before, "Replace what is there?");
    }

    // What it starts, where that can be seen; a program says what it is by its size.
    private static string Describe(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            return $" (a link to {target})";
        if (path.EndsWith(".plist", StringComparison.Ordinal))
            return WrittenAgent.TryReadFile(path, out WrittenAgent? agent, out _) && agent.ProgramArguments.Count > 0
                ? $" (it starts {string.Join(' ', agent.ProgramArguments)})"
                : "";
        if (!path.EndsWith(".service", StringComparison.Ordinal))
            return $" ({new FileInfo(path).Length} bytes)";
        return
            SmallFile.TryRead(path, out string? text)
            && text.Split('\n').FirstOrDefault(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))
                is { } start
            ? $" ({start.Trim()})"
            : "";
    }

    private Question? AboutEdits()
    {
        string path = site.Machine.IsMac ? places.AgentFile(InstallPaths.FastGateLabel) : places.UnitFile;
        if (!IsEdited(path))
            return null;
        return new Question(
            QuestionKind.RewriteEdited,
            [$"{places.Short(path)} was changed since it was installed."],
            "Write it anew? The changed one is kept beside it, with .edited behind its name.",
            Usual: false
        );
    }

    private bool IsEdited(string path) =>
        findings.Journal.HashOf(path) is { } wrote && Disk.HashOf(path) is { } present && present != wrote;

    private Question? AboutLinger() =>
        site.Machine.IsMac || findings.Lingers
            ? null
            : new Question(
                QuestionKind.Linger,
                ["A user's units run only while the user is logged in."],
                $"Let them run from boot on, and after a logout "
                    + $"({FastGate.Host.Systemd.Systemctl.LingerLine(on: true, site.UserName)})?"
            );
}

/// <summary>What the owner is asked.</summary>
internal enum QuestionKind
{
    /// <summary>May HAProxy's agent be unloaded?</summary>
    ReplaceHaproxy,

    /// <summary>May Homebrew's service be stopped, and Ollama be kept by an agent?</summary>
    StopBrew,

    /// <summary>May the agent of Ollama be changed so that it hears loopback only?</summary>
    CloseOllama,

    /// <summary>Shall Ollama be kept from the owner's account at ollama.com?</summary>
    NoCloud,

    /// <summary>May a program, an agent or a unit of FastGate's name be replaced that somebody else made?</summary>
    ReplaceForeign,

    /// <summary>May what the owner changed in FastGate's agent or unit be written anew?</summary>
    RewriteEdited,

    /// <summary>May the gate run without a session?</summary>
    Linger,

    /// <summary>Which rules take the place of HAProxy's?</summary>
    Rules,

    /// <summary>At which of the addresses that clients use does the gate listen?</summary>
    Listen,

    /// <summary>May requests go on in plain text to Ollama on another machine, as HAProxy sends them?</summary>
    TakeRemote,

    /// <summary>May the clients of today be cut off until their URL is changed?</summary>
    MoveClients,
}
