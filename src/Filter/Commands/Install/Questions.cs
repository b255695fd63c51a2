using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Finds the questions for this machine. Pure, except that it compares files.</summary>
internal sealed class Questions(HostEnvironment environment, InstallPaths paths, MachineState state)
{
    /// <param name="withOllama">Ask about Ollama's service too.</param>
    public IReadOnlyList<Question> All(bool withOllama)
    {
        ClientQuestions clients = new(environment, paths, state, withOllama);
        Question?[] aboutHaproxy = state.IsHaproxyInTheWay
            ? [HaproxyQuestions.Replace(state, paths), HaproxyQuestions.Remote(state), HaproxyQuestions.Rules(state)]
            : [];
        Question?[] aboutOllama = withOllama ? [state.Mac.OllamaQuestion(), Brew(), Ollama(), Cloud()] : [];
        return
        [
            .. (
                (Question?[])
                    [
                        state.Mac.TailscaleQuestion(),
                        .. aboutHaproxy,
                        Foreign(),
                        .. aboutOllama,
                        clients.Listen(),
                        clients.Move(),
                        Edits(),
                        Linger(),
                    ]
            ).OfType<Question>(),
        ];
    }

    private Question? Brew() =>
        !state.HasBrewOllama
            ? null
            : new Question(
                QuestionKind.StopBrew,
                ["Homebrew runs Ollama on this machine (brew services)."],
                "Stop that service, and run Ollama from an agent that listens only on loopback?"
            );

    private Question? Ollama()
    {
        IReadOnlyList<ServerAgent> open = state.FixableOllamas;
        if (open.Count == 0)
            return null;
        List<string> details = [];
        foreach (ServerAgent agent in open)
        {
            details.Add(
                $"{OllamaHost.Variable}={agent.Host} "
                    + $"in {agent.Source(OllamaHost.Variable, paths.Short)} lets others bypass the gate and reach "
                    + $"Ollama."
            );
            details.Add(
                $"{paths.Short(agent.Path)} will be backed up as {paths.Short(Disk.AsideOf(agent.Path))}, and "
                    + $"uninstall restores it; only {OllamaHost.Variable} changes."
            );
        }
        return new Question(
            QuestionKind.RestrictOllama,
            details,
            $"Change it to {OllamaHost.Variable}={state.Plan.Upstream}?"
        );
    }

    // Asked only where a property list of Ollama's is written anyway. For an existing one the default is no, because
    // turning off cloud models that are in use would break them.
    private Question? Cloud()
    {
        bool isChanged = state.FixableOllamas.Count > 0;
        bool isOffered = state.Mac.OfferedOllama is not null;
        bool isWritten =
            !isChanged && environment.Machine.IsMac && MacPlanner.WritesNewAgent(state.WithOfferedOllama());
        if (
            (!isChanged && !isWritten)
            || state.OllamaAgents.Any(agent => OllamaCloud.IsOff(agent.Variable(OllamaCloud.Variable)))
        )
            return null;
        return new Question(
            QuestionKind.NoCloud,
            [
                "If this machine is signed in to ollama.com, anyone who may call Ollama may also use that "
                    + "account: cloud models, and web search.",
                $"{OllamaCloud.Variable}={OllamaCloud.Off} turns off both.",
            ],
            $"Set {OllamaCloud.Variable}={OllamaCloud.Off} in Ollama's agent?",
            IsYesByDefault: isWritten
        )
        {
            When = answers =>
                (!isOffered || answers.IsYes(QuestionKind.InstallOllama))
                && (!isChanged || answers.IsYes(QuestionKind.RestrictOllama))
                && (isChanged || !state.HasBrewOllama || answers.IsYes(QuestionKind.StopBrew)),
        };
    }

    private Question? Foreign()
    {
        string servicePath = environment.Machine.IsMac ? paths.AgentFile(InstallPaths.FastGateLabel) : paths.UnitFile;
        List<string> details = [];
        foreach (string path in (string[])[paths.Program, servicePath])
        {
            // A program in its own place stays there.
            if (!File.Exists(path) || state.Journal.HashOf(path) is not null || path == environment.Publisher.InPlace)
                continue;
            string description = Describe(path);
            details.Add($"{paths.Short(path)} exists, but FastGate did not create it{description}.");
            details.Add($"It will be backed up as {paths.Short(Disk.AsideOf(path))}; uninstall restores it.");
        }
        string name = environment.Machine.IsMac
            ? $"The agent {InstallPaths.FastGateLabel}"
            : $"The unit {InstallPaths.UnitName}";
        if (state.IsForeignGateLoaded)
            details.Add($"{name} is already loaded, but FastGate did not register it. It will be stopped first.");
        return details.Count == 0
            ? null
            : new Question(QuestionKind.ReplaceForeign, details, "Replace the existing installation?");
    }

    // What the agent or unit starts; for a program its size.
    private static string Describe(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
            return $" (a link to {target})";
        if (path.EndsWith(".plist", StringComparison.Ordinal))
            return
                AgentPropertyList.TryReadFile(path, out AgentPropertyList? agent, out _)
                && agent.ProgramArguments.Count > 0
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
        if (!GateSteps.IsEdited(state.Journal, path))
            return null;
        return new Question(
            QuestionKind.OverwriteEdited,
            [$"{paths.Short(path)} was changed since it was installed."],
            "Overwrite it? Your version is kept beside it with the suffix .edited.",
            IsYesByDefault: false
        );
    }

    private Question? Linger() =>
        environment.Machine.IsMac || state.Lingers
            ? null
            : new Question(
                QuestionKind.Linger,
                ["By default, user units run only while the user is logged in."],
                $"Start them at boot and keep them running after logout "
                    + $"({FastGate.Host.Systemd.Systemctl.LingerLine(on: true, environment.UserName)})?"
            );
}

/// <summary>The questions that keep today's clients connected. Pure.</summary>
internal sealed class ClientQuestions(
    HostEnvironment environment,
    InstallPaths paths,
    MachineState state,
    bool withOllama
)
{
    private readonly IReadOnlyList<ClientAddress> _addresses = ClientAddress.All(state, paths, withOllama);

    /// <summary>Where to listen; null if clients use only Tailscale's address, or the config decides.</summary>
    public Question? Listen()
    {
        if (state.Config.FileExists)
            return null;
        ListenChoice choice = ListenChoice.Of(_addresses, environment.Machine, state.Plan.Upstream.ToString());
        if (choice.IsObvious)
            return null;
        string addressList = string.Join(
            "; ",
            choice.Addresses.Select(address => $"{address.Text} ({address.Source})")
        );
        string[] details = choice.IsOpen
            ?
            [
                $"Clients can currently use any address of this machine: {addressList}.",
                "FastGate does not listen on all of them, because clients other than yours could reach it.",
            ]
            : [$"Clients currently use this address: {addressList}."];
        return new Question(QuestionKind.Listen, details, "Where should FastGate listen?")
        {
            Options = [.. choice.Options.Select(option => string.Join(" and ", option))],
            When = BecomesFree,
        };
    }

    /// <summary>Whether clients may be cut off, if an existing config or the end of TLS leaves no other way.</summary>
    public Question? Move()
    {
        ClientCheck clients = new(environment.Machine, _addresses);
        bool isDecided = state.Config.FileExists || (_addresses.Count > 0 && _addresses.All(address => address.IsTls));
        return isDecided && clients.CutsOff(state.Plan)
            ? clients.Question(state.Plan) with
            {
                When = BecomesFree,
            }
            : null;
    }

    // What is left in place keeps its address and its clients.
    private static bool BecomesFree(Answers answers) =>
        !answers.IsNo(QuestionKind.ReplaceHaproxy) && !answers.IsNo(QuestionKind.RestrictOllama);
}
