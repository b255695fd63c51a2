using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Launchd;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Transport;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Commands.Doctor;

/// <summary>The config, the program, and whether the gate is where it should be.</summary>
internal sealed class ServiceChecks(DoctorContext patient)
{
    private Fixes Remedies => patient.Remedies;

    public IEnumerable<DoctorCheck> All() =>
        [
            new("config", CheckGroup.Service, "config", _ => Task.FromResult(Config())),
            new("installed-program", CheckGroup.Service, "installed program", InstalledAsync)
            {
                Longest = TimeSpan.FromSeconds(30),
            },
            .. AgentChecks(),
        ];

    /// <summary>Later, since a cure depends on what keeps Ollama.</summary>
    public IEnumerable<DoctorCheck> OfListening() =>
        [
            .. patient.Plan.Listeners.Select(
                (listener, n) =>
                    new DoctorCheck(
                        n == 0 ? "gate-listens" : $"gate-listens-{n + 1}",
                        CheckGroup.Service,
                        listener.Options.Address.ToString(),
                        visit => ListensAsync(visit, n, listener)
                    )
            ),
            new("access-log", CheckGroup.Service, "access log", _ => Task.FromResult(AccessLog())),
        ];

    /// <summary>The one check that a client machine can make of them.</summary>
    public DoctorCheck Target(DoctorTarget? door, string problem) =>
        new(
            "gate-answers",
            CheckGroup.Service,
            "gate",
            async visit =>
            {
                if (door is null)
                    return CheckResult.Fail(problem, "tailscale status");
                (Responder who, ProbeResponse heard) = await Identity.AskAsync(visit, door);
                if (who == Responder.FastGate)
                    patient.Gate = door;
                return who switch
                {
                    Responder.FastGate => CheckResult.Pass($"FastGate answers at {patient.Options.Target}"),
                    // The machine is there, and nothing listens: only it can tell why.
                    Responder.Nobody when heard.Problem == SocketErrorText.Refused => CheckResult.Fail(
                        $"nobody answers at {patient.Options.Target}: {heard.Problem}",
                        Remedies.GateLog
                    ),
                    Responder.Nobody => CheckResult.Fail(
                        $"nobody answers at {patient.Options.Target}: {heard.Problem}",
                        $"tailscale ping {Shell.Word(patient.Options.Target!.Host)}"
                    ),
                    Responder.Other when heard.Status == 0 => CheckResult.Fail(
                        $"{patient.Options.Target} takes the connection and sends nothing "
                            + $"({heard.Description}): if FastGate runs there, its \"from\" does not list this machine",
                        Remedies.EditConfig
                    ),
                    Responder.Ollama => CheckResult.Fail(
                        $"{patient.Options.Target} is Ollama itself, without a gate before it",
                        $"ssh {Shell.Word(patient.Options.Target!.Host)} fastgate install"
                    ),
                    _ => CheckResult.Fail(
                        $"{patient.Options.Target} is neither FastGate nor Ollama: {heard.Description}",
                        Remedies.GateLog
                    ),
                };
            }
        );

    private IEnumerable<DoctorCheck> AgentChecks() =>
        patient.Site.Machine.IsMac ? new AgentChecks(patient).OfGate() : new UnitChecks(patient).OfGate();

    private CheckResult Config()
    {
        string path = patient.Places.Short(patient.Config.Path.Path);
        if (patient.Config.Problems is [var first, ..])
        {
            string more = patient.Config.Problems.Count > 1 ? $" (and {patient.Config.Problems.Count - 1} more)" : "";
            return CheckResult.Fail(
                $"{Texts.OneLine(first.ToString(), 400)}{more}; the other checks take the defaults",
                Remedies.CheckConfig
            );
        }
        int rules = patient.Plan.Listeners.Sum(listener => listener.Options.Policy.Rules.Count);
        return CheckResult.Pass(
            $"{path} {(patient.Config.FileExists ? "is valid" : "is not there, so the defaults hold")}: {TextFormat.Count(rules, "rule")}",
            Fact.Of("rules", rules)
        );
    }

    private async Task<CheckResult> InstalledAsync(CheckContext visit)
    {
        string mine = Mine();
        Fact[] facts = [Fact.Of("version", mine), Fact.Of("system", RuntimeInformation.OSDescription)];
        string program = patient.Places.Program;
        if (!File.Exists(program))
            return CheckResult.Skip(
                $"{patient.Places.Short(program)} is not there: this is version {Short(mine)}, run from elsewhere",
                Remedies.Install
            );
        CommandResult said = await visit.RunAsync(program, "--version");
        if (!said.Succeeded)
            return CheckResult.Fail(
                $"{patient.Places.Short(program)} does not run: {said.Description}",
                Remedies.Install,
                facts
            );
        string installed = said.Output.Trim();
        return installed == mine
            ? CheckResult.Pass($"{patient.Places.Short(program)} is version {Short(mine)}", facts)
            : CheckResult.Fail(
                $"{patient.Places.Short(program)} is version {Short(installed)}, and this is {Short(mine)}",
                Remedies.Install,
                facts
            );
    }

    private async Task<CheckResult> ListensAsync(CheckContext visit, int listener, PlannedListener planned)
    {
        ListenPoint[] points = [.. patient.GatePoints.Where(point => point.Listener == listener)];
        if (points.Length == 0)
            return await NoAddressAsync(visit, planned.Options.Address);
        IReadOnlyList<ListeningSocket>? sockets = await ListeningSockets.ReadAsync(patient, visit);
        List<string> listening = [];
        HashSet<string> by = [];
        CheckResult? bad = null;
        CheckResult? leftOut = null;
        foreach (ListenPoint wanted in points)
        {
            IPEndPoint point = Dialable(wanted.EndPoint);
            DoctorTarget door = new(point, $"localhost:{point.Port}");
            (Responder who, ProbeResponse heard) = await Identity.AskAsync(visit, door);
            ListeningSocket? owner = sockets.Having(point);
            if (
                who == Responder.Other
                && heard.Status == 0
                && patient.IsLeftOut(wanted)
                && (owner?.Program ?? "") is ("" or "fastgate")
            )
            {
                leftOut ??= LeftOut(point);
                continue;
            }
            if (who != Responder.FastGate)
                bad ??=
                    await new ServeChecks(patient).HolderAsync(visit, point) ?? NotTheGate(who, point, owner, heard);
            else if (patient.Gate is null)
                (patient.Gate, patient.Rules) = (door, planned.Options.Policy.Rules);
            listening.Add(point.ToString());
            if (owner is { Program.Length: > 0 })
                by.Add($"{owner.Program}, pid {owner.ProcessId}");
        }
        return bad
            ?? (listening.Count == 0 ? leftOut : null)
            ?? CheckResult.Pass(
                $"FastGate answers "
                    + $"at {string.Join(" and ", listening)}{(by.Count > 0 ? $" ({string.Join("; ", by)})" : "")}"
            );
    }

    // How the installation is meant, so no fault of it; but nothing behind it can be asked from here.
    private CheckResult LeftOut(IPEndPoint point)
    {
        patient.GateProblem = "the gate closes this machine's own connections: \"from\" does not list it";
        return CheckResult.Skip(
            $"the gate closes this machine's own connections to {point}: \"from\" does not "
                + $"list {point.Address}, so no check can ask it",
            Remedies.EditConfig
        );
    }

    private async Task<CheckResult> NoAddressAsync(CheckContext visit, ListenAddress listen)
    {
        if (listen.Kind != ListenKind.Tailscale)
            return CheckResult.Fail($"this machine has no address for {listen}", Remedies.EditConfig);
        (TailscaleStatus? status, _) = await patient.TailscaleTool.StatusAsync(visit);
        return CheckResult.Fail(
            status?.Kind == TailscaleState.Userspace
                ? "Tailscale has no network interface here (userspace networking), so there is no address to listen on"
                : "this machine has no Tailscale address yet; FastGate waits for one",
            Remedies.BringTailscale(status)
        );
    }

    private CheckResult NotTheGate(Responder who, IPEndPoint point, ListeningSocket? owner, ProbeResponse heard)
    {
        string by = owner is { Program.Length: > 0 } ? $" ({owner.Program}, pid {owner.ProcessId})" : "";
        return who switch
        {
            Responder.Nobody => CheckResult.Fail($"nobody listens on {point}", Remedies.LoadGate),
            Responder.Ollama => CheckResult.Fail(
                $"Ollama itself answers at {point}{by}, in the place of the gate",
                Remedies.BindOllamaOf(owner)
            ),
            _ => CheckResult.Fail($"another program has {point}{by}: {heard.Description}", Remedies.WhoHas(point.Port)),
        };
    }

    // Written to by the gate since it was asked above, unless it cannot.
    private CheckResult AccessLog()
    {
        if (patient.Config.Plan is null)
            return CheckResult.Skip("the config does not say where");
        if (patient.Plan.AccessLog is not { } path || path == "-")
            return CheckResult.Skip("requests are not logged to a file");
        string shown = patient.Places.Short(path);
        string makeFolder = $"mkdir -p {Shell.Word(Path.GetDirectoryName(path)!)} && {Remedies.RestartGate}";
        if (!File.Exists(path))
        {
            return patient.Gate is null
                ? CheckResult.Skip($"{shown} is not there: FastGate has not run yet")
                : CheckResult.Fail($"FastGate answers, and {shown} is not there", makeFolder);
        }
        try
        {
            using SafeFileHandle file = RegularFile.Open(path);
            long bytes = RandomAccess.GetLength(file);
            return CheckResult.Pass($"{shown} is there, {bytes / 1024.0:0} KiB", Fact.Of("bytes", bytes));
        }
        catch (UnauthorizedAccessException denied)
        {
            // It belongs to somebody else, such as after a run with sudo.
            return CheckResult.Fail(
                $"{shown}: {Texts.OneLine(denied.Message, 120)}",
                $"sudo chown $(id -un) {Shell.Word(shown)}"
            );
        }
    }

    /// <summary>A gate on every address is asked at one.</summary>
    internal static IPEndPoint Dialable(IPEndPoint point) =>
        point.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, point.Port)
        : point.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.IPv6Loopback, point.Port)
        : point;

    // The whole commit is for programs.
    private static string Short(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 || version.Length < plus + 9 ? version : version[..(plus + 9)];
    }

    private static string Mine() =>
        typeof(ServiceChecks).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "";
}
