using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Finds what has to be asked on a machine. Pure but for the files that it compares.</summary>
internal sealed class Questions(HostEnvironment environment, InstallPaths paths, MachineState state)
{
    /// <param name="withOllama">Ollama is not left alone, so it is asked about.</param>
    public IReadOnlyList<Question> All(bool withOllama)
    {
        ClientQuestions clients = new(environment, paths, state, withOllama);
        Question?[] aboutHaproxy = state.IsHaproxyInTheWay
            ? [HaproxyQuestions.Replace(state, paths), HaproxyQuestions.Remote(state), HaproxyQuestions.Rules(state)]
            : [];
        Question?[] aboutOllama = withOllama ? [Brew(), Ollama(), Cloud()] : [];
        return
        [
            .. (
                (Question?[])
                    [.. aboutHaproxy, Foreign(), .. aboutOllama, clients.Listen(), clients.Move(), Edits(), Linger()]
            ).OfType<Question>(),
        ];
    }

    private Question? Brew() =>
        !state.HasBrewOllama
            ? null
            : new Question(
                QuestionKind.StopBrew,
                ["Homebrew keeps Ollama here (brew services)."],
                "Stop that service, and keep Ollama by an agent that hears loopback only?"
            );

    private Question? Ollama()
    {
        IReadOnlyList<ServerAgent> open = state.FixableOllamas;
        if (open.Count == 0)
            return null;
        List<string> before = [];
        foreach (ServerAgent agent in open)
        {
            before.Add(
                $"{OllamaHost.Variable}={agent.Host} "
                    + $"in {agent.Source(OllamaHost.Variable, paths.Short)} lets others reach Ollama past the "
                    + $"gate."
            );
            before.Add(
                $"{paths.Short(agent.Path)} is kept as {paths.Short(Disk.AsideOf(agent.Path))}, and "
                    + $"uninstall puts it back; only {OllamaHost.Variable} changes."
            );
        }
        return new Question(
            QuestionKind.RestrictOllama,
            before,
            $"Change it to {OllamaHost.Variable}={state.Plan.Upstream}?"
        );
    }

    // Asked only where a property list of Ollama's is written anyway. For one that others wrote the usual answer is no:
    // cloud models that somebody works with would be gone.
    private Question? Cloud()
    {
        bool isChanged = state.FixableOllamas.Count > 0;
        bool isWritten = !isChanged && environment.Machine.IsMac && MacPlanner.WritesNewAgent(state);
        if (
            (!isChanged && !isWritten)
            || state.OllamaAgents.Any(agent => OllamaCloud.IsOff(agent.Variable(OllamaCloud.Variable)))
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
            IsYesByDefault: isWritten
        )
        {
            When = answers =>
                (!isChanged || answers.IsYes(QuestionKind.RestrictOllama))
                && (isChanged || !state.HasBrewOllama || answers.IsYes(QuestionKind.StopBrew)),
        };
    }

    private Question? Foreign()
    {
        string keeper = environment.Machine.IsMac ? paths.AgentFile(InstallPaths.FastGateLabel) : paths.UnitFile;
        List<string> before = [];
        foreach (string path in (string[])[paths.Program, keeper])
        {
            if (!File.Exists(path) || state.Journal.HashOf(path) is not null)
                continue;
            string what = Describe(path);
            before.Add($"{paths.Short(path)} is there, and FastGate's installer did not make it{what}.");
            before.Add($"It is kept as {paths.Short(Disk.AsideOf(path))}, and uninstall puts it back.");
        }
        string name = environment.Machine.IsMac ? $"the agent {InstallPaths.FastGateLabel}" : InstallPaths.UnitName;
        if (state.IsForeignGateLoaded)
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

    private Question? Edits()
    {
        string path = environment.Machine.IsMac ? paths.AgentFile(InstallPaths.FastGateLabel) : paths.UnitFile;
        if (!IsEdited(path))
            return null;
        return new Question(
            QuestionKind.OverwriteEdited,
            [$"{paths.Short(path)} was changed since it was installed."],
            "Write it anew? The changed one is kept beside it, with .edited behind its name.",
            IsYesByDefault: false
        );
    }

    private bool IsEdited(string path) =>
        state.Journal.HashOf(path) is { } wrote && Disk.HashOf(path) is { } present && present != wrote;

    private Question? Linger() =>
        environment.Machine.IsMac || state.Lingers
            ? null
            : new Question(
                QuestionKind.Linger,
                ["A user's units run only while the user is logged in."],
                $"Let them run from boot on, and after a logout "
                    + $"({FastGate.Host.Systemd.Systemctl.LingerLine(on: true, environment.UserName)})?"
            );
}

/// <summary>What has to be asked so that the clients of today are not cut off. Pure.</summary>
internal sealed class ClientQuestions(
    HostEnvironment environment,
    InstallPaths paths,
    MachineState state,
    bool withOllama
)
{
    private readonly IReadOnlyList<ClientAddress> _addresses = ClientAddress.All(state, paths, withOllama);

    /// <summary>Where to listen, if clients use another address than Tailscale's.</summary>
    public Question? Listen()
    {
        if (state.Config.IsThere)
            return null;
        ListenChoice choice = ListenChoice.Of(_addresses, environment.Machine, state.Plan.Upstream.ToString());
        if (choice.IsObvious)
            return null;
        string today = string.Join("; ", choice.Addresses.Select(address => $"{address.Text} ({address.Source})"));
        string[] before = choice.IsOpen
            ?
            [
                $"Clients may use any address of this machine today: {today}.",
                "FastGate does not listen on all of them: others than your own could reach it.",
            ]
            : [$"Clients use this address today: {today}."];
        return new Question(QuestionKind.Listen, before, "Where should FastGate listen?")
        {
            Options = [.. choice.Options.Select(option => string.Join(" and ", option))],
            When = IsFree,
        };
    }

    /// <summary>May they be cut off, since an existing config or the end of TLS leaves no other way?</summary>
    public Question? Move()
    {
        ClientCheck clients = new(environment.Machine, _addresses);
        bool isSettled = state.Config.IsThere || (_addresses.Count > 0 && _addresses.All(address => address.IsTls));
        return isSettled && clients.CutsOff(state.Plan) ? clients.Question(state.Plan) with { When = IsFree } : null;
    }

    // What stays as it is keeps its address, and its clients.
    private static bool IsFree(Answers answers) =>
        !answers.IsNo(QuestionKind.ReplaceHaproxy) && !answers.IsNo(QuestionKind.RestrictOllama);
}
