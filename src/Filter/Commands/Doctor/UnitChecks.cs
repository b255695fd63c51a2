using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>What systemd says of the units, on Linux.</summary>
internal sealed class UnitChecks(DoctorContext patient)
{
    private const string OllamaUnit = "ollama.service";

    // systemd counts only the starts that it made by itself.
    private const int RestartsMany = 10;

    private Fixes Remedies => patient.Remedies;

    public IEnumerable<DoctorCheck> OfGate() =>
        [
            new("gate-agent", CheckGroup.Service, "unit fastgate", GateAsync),
            new("lingering", CheckGroup.Service, "lingering", LingersAsync),
        ];

    public IEnumerable<DoctorCheck> OfOllama() =>
        [
            new("ollama-agent", CheckGroup.Service, "unit ollama", OllamaAsync),
            new("ollama-host", CheckGroup.Isolation, "OLLAMA_HOST", OllamaHostAsync),
        ];

    private async Task<CheckResult> GateAsync(CheckContext visit)
    {
        (UnitState? state, CommandResult result) = await Systemctl(visit).ShowAsync(InstallPaths.UnitName);
        if (state is null)
            return Silent(result);
        if (!state.IsThere)
            return CheckResult.Fail(
                "systemd has no unit fastgate, so nothing starts the gate after a reboot",
                Remedies.Install
            );
        Remedies.GateFails = !state.IsRunning && state.LastExit != 0;
        CheckResult found = StateOf(
            state,
            "fastgate",
            Remedies.LoadGate,
            patient.Config.Plan is null ? Remedies.CheckConfig : Remedies.GateLog
        );
        return found.Outcome == CheckOutcome.Pass && state.FileState is "disabled"
            ? CheckResult.Fail(
                "fastgate runs, and is not enabled: nothing starts it after a reboot",
                Remedies.LoadGate,
                [.. found.Facts]
            )
            : found;
    }

    private async Task<CheckResult> LingersAsync(CheckContext visit)
    {
        if (!File.Exists(patient.Places.UnitFile))
            return CheckResult.Skip("there is no unit that would need it");
        return await Systemctl(visit).LingersAsync()
            ? CheckResult.Pass("the gate starts at boot, and outlives your sessions")
            : CheckResult.Fail(
                "without it the gate ends with your last session",
                FastGate.Host.Systemd.Systemctl.LingerLine(on: true, patient.Site.UserName)
            );
    }

    private async Task<CheckResult> OllamaAsync(CheckContext visit)
    {
        (UnitState? state, CommandResult result) = await Systemctl(visit).ShowAsync(OllamaUnit, ofSystem: true);
        if (state is null)
            return Silent(result, ofSystem: true);
        Remedies.HasOllamaUnit = state.IsThere;
        return state.IsThere
            ? StateOf(state, "ollama", Remedies.StartOllama, Remedies.OllamaLog)
            : CheckResult.Skip("systemd does not keep Ollama here; something else starts it");
    }

    private async Task<CheckResult> OllamaHostAsync(CheckContext visit)
    {
        patient.Units ??= await new UnitSearch(Systemctl(visit)).FindAsync();
        ServerUnit[] units =
        [
            .. patient
                .Units.Where(unit => unit.Command.Kind == ServerKind.Ollama)
                .OrderBy(unit => unit.IsActive ? 0 : 1),
        ];
        if (units.Length > 0)
            return HostOf(units);
        (UnitState? state, CommandResult result) = await Systemctl(visit).ShowAsync(OllamaUnit, ofSystem: true);
        if (state is null)
            return Silent(result, ofSystem: true);
        if (!state.IsThere)
            return CheckResult.Skip("no unit that starts Ollama was seen");
        string? said = ShellWords
            .CommandsOf(state.Environment)
            .SelectMany(command => command)
            .LastOrDefault(word => word.StartsWith(OllamaHost.Variable + "=", StringComparison.Ordinal))
            ?[(OllamaHost.Variable.Length + 1)..];
        if (said is null)
            return CheckResult.Pass($"it was not seen in {OllamaUnit}; without it Ollama listens on 127.0.0.1");
        return OllamaHost.IsLoopback(said)
            ? CheckResult.Pass($"{said}, in its unit")
            : CheckResult.Fail($"{said} in Ollama's unit lets others than this machine in", Remedies.BindOllama);
    }

    private CheckResult HostOf(ServerUnit[] units)
    {
        if (units.FirstOrDefault(unit => unit.IsOpen) is { } open)
        {
            string edit = open.IsSystems
                ? $"sudo systemctl edit --full {open.Name}"
                : $"systemctl --user edit --full {open.Name}";
            return CheckResult.Fail(
                $"{open.Host} in {open.Source(OllamaHost.Variable)} lets others than this machine in",
                open.TakesDropIn(OllamaHost.Variable)
                    ? open.DropInLine(OllamaHost.Variable, patient.Plan.Upstream.ToString())
                    : edit
            );
        }
        string[] unread = [.. units.SelectMany(unit => unit.Unread)];
        string notSeen = unread.Length == 0 ? "" : $"; not read: {string.Join(", ", unread)}";
        return units.FirstOrDefault(unit => unit.Host is not null) is { } closed
            ? CheckResult.Pass($"{closed.Host}, in {closed.Source(OllamaHost.Variable)}{notSeen}")
            : CheckResult.Pass(
                $"it was not seen in {string.Join(", ", units.Select(unit => unit.Name))}; without it "
                    + $"Ollama listens on 127.0.0.1{notSeen}"
            );
    }

    private Systemctl Systemctl(CheckContext visit) => new(visit, patient.Site.UserName);

    // Such as in a container, or after su: that is no fault of the installation.
    private static CheckResult Silent(CommandResult result, bool ofSystem = false) =>
        result.ExitCode == CommandResult.NotFound
            ? CheckResult.Skip("systemctl is not there")
            : CheckResult.Skip(
                $"systemctl: {result.Description}",
                !ofSystem && result.Description.Contains("bus", StringComparison.Ordinal)
                    ? "export XDG_RUNTIME_DIR=/run/user/$(id -u)"
                    : null
            );

    private static CheckResult StateOf(UnitState state, string name, string start, string log)
    {
        string restarts = state.Restarts > 0 ? $", started again {state.Restarts} times" : "";
        string exit = state.LastExit != 0 ? $", last ended with {state.LastExit}" : "";
        Fact[] facts =
        [
            Fact.Of("state", $"{state.ActiveState} ({state.SubState})"),
            Fact.Of("restarts", state.Restarts),
            Fact.Of("lastExit", state.LastExit),
        ];
        if (!state.IsRunning)
            return CheckResult.Fail(
                $"{name} is {state.ActiveState} ({state.SubState}){restarts}{exit}",
                state.LastExit != 0 ? log : start,
                facts
            );
        return state.Restarts >= RestartsMany && state.LastExit != 0
            ? CheckResult.Fail($"{name} runs, and ends again and again{restarts}{exit}", log, facts)
            : CheckResult.Pass($"{name} runs, pid {state.ProcessId}{restarts}", facts);
    }
}
