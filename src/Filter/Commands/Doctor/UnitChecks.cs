using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>The units of systemd, on Linux.</summary>
internal sealed class UnitChecks(DoctorContext context)
{
    public const string OllamaUnit = "ollama.service";

    private Fixes Fixes => context.Fixes;

    public IEnumerable<DoctorCheck> All() =>
        [
            new("gate-agent", CheckGroup.Service, "unit fastgate", GateAsync),
            new("lingering", CheckGroup.Service, "lingering", LingersAsync),
            new("ollama-agent", CheckGroup.Service, "unit ollama", OllamaAsync),
            new("ollama-host", CheckGroup.Isolation, "OLLAMA_HOST", OllamaHostAsync),
        ];

    private async Task<CheckResult> GateAsync(CheckProbe probe)
    {
        ServiceStatus status = await context.GateServiceAsync(probe);
        if (status.IsUnknown)
            return Unknown(status.Result);
        if (!status.IsLoaded)
            return CheckResult.Fail(
                "systemd has no unit fastgate, so nothing starts the gate after a reboot",
                Fixes.Install
            );
        string start = await Fixes.LoadGateAsync(probe);
        CheckResult result = ServiceChecks.StateOf(
            status,
            isMac: false,
            start,
            context.Config.Plan is null ? Fixes.CheckConfig : Fixes.GateLog
        );
        return result.Outcome == CheckOutcome.Pass && status.FileState is "disabled"
            ? CheckResult.Fail(
                "fastgate is running but not enabled, so nothing starts it after a reboot",
                start,
                [.. result.Facts]
            )
            : result;
    }

    private async Task<CheckResult> LingersAsync(CheckProbe probe)
    {
        if (!context.Paths.HasUnit)
            return CheckResult.Skip("the user unit is not installed");
        return await Systemctl(probe).LingersAsync()
            ? CheckResult.Pass("the gate starts at boot and keeps running after you log out")
            : CheckResult.Fail(
                "lingering is off, so the gate stops when you log out",
                FastGate.Host.Systemd.Systemctl.LingerLine(on: true, context.Host.UserName)
            );
    }

    private async Task<CheckResult> OllamaAsync(CheckProbe probe)
    {
        ServiceStatus status = await context.OllamaServiceAsync(probe);
        if (status.IsUnknown)
            return Unknown(status.Result, ofSystem: true);
        return status.IsLoaded
            ? ServiceChecks.StateOf(status, isMac: false, await Fixes.StartOllamaAsync(probe), Fixes.OllamaLog)
            : CheckResult.Skip("systemd has no unit ollama; something else starts it");
    }

    private async Task<CheckResult> OllamaHostAsync(CheckProbe probe)
    {
        ServerUnit[] units =
        [
            .. (await context.UnitsAsync(probe))
                .Where(unit => unit.Command.Kind == ServerKind.Ollama)
                .OrderBy(unit => unit.IsActive ? 0 : 1),
        ];
        if (units.Length > 0)
            return HostOf(units);
        ServiceStatus status = await context.OllamaServiceAsync(probe);
        if (status.IsUnknown)
            return Unknown(status.Result, ofSystem: true);
        if (!status.IsLoaded)
            return CheckResult.Skip("no unit starts Ollama");
        string? host = ShellWords
            .CommandsOf(status.Variables)
            .SelectMany(command => command)
            .LastOrDefault(word => word.StartsWith(OllamaHost.Variable + "=", StringComparison.Ordinal))
            ?[(OllamaHost.Variable.Length + 1)..];
        if (host is null)
            return CheckResult.Pass($"not set in {OllamaUnit}; by default, Ollama listens on 127.0.0.1");
        return OllamaHost.IsLoopback(host)
            ? CheckResult.Pass($"{host}, in {OllamaUnit}")
            : CheckResult.Fail(
                $"{host} in {OllamaUnit} exposes Ollama beyond this machine",
                await Fixes.BindOllamaAsync(probe)
            );
    }

    private CheckResult HostOf(ServerUnit[] units)
    {
        if (units.FirstOrDefault(unit => unit.IsOpen) is { } open)
        {
            string edit = open.IsSystemWide
                ? $"sudo systemctl edit --full {open.Name}"
                : $"systemctl --user edit --full {open.Name}";
            return CheckResult.Fail(
                $"{open.Host} in {open.Source(OllamaHost.Variable)} exposes Ollama beyond this machine",
                open.TakesDropIn(OllamaHost.Variable)
                    ? open.DropInLine(OllamaHost.Variable, context.Plan.Upstream.ToString())
                    : edit
            );
        }
        string[] unread = [.. units.SelectMany(unit => unit.Unread)];
        string notRead = unread.Length == 0 ? "" : $"; could not read {string.Join(", ", unread)}";
        return units.FirstOrDefault(unit => unit.Host is not null) is { } closed
            ? CheckResult.Pass($"{closed.Host}, in {closed.Source(OllamaHost.Variable)}{notRead}")
            : CheckResult.Pass(
                $"not set in {string.Join(", ", units.Select(unit => unit.Name))}; by default, Ollama listens on "
                    + $"127.0.0.1{notRead}"
            );
    }

    private Systemctl Systemctl(CheckProbe probe) => new(probe, context.Host.UserName);

    // A container, or a shell after su, has no service manager: that is not a fault of the installation.
    private static CheckResult Unknown(CommandResult result, bool ofSystem = false) =>
        result.ExitCode == CommandResult.NotFound
            ? CheckResult.Skip("systemctl does not exist")
            : CheckResult.Skip(
                $"systemctl: {result.Description}",
                !ofSystem && result.Description.Contains("bus", StringComparison.Ordinal)
                    ? "export XDG_RUNTIME_DIR=/run/user/$(id -u)"
                    : null
            );
}
