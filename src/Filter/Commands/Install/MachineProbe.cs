using System.Net;
using FastGate.Config;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>Looks at a machine before an installation. Changes nothing.</summary>
internal sealed class MachineProbe(HostEnvironment site, InstallPaths places)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // A login by ssh often lacks Homebrew's folder; the last is what Ollama.app brings.
    private static readonly string[] UsualOllama =
    [
        "/opt/homebrew/bin/ollama",
        "/usr/local/bin/ollama",
        "/Applications/Ollama.app/Contents/Resources/ollama",
    ];

    private readonly Launchctl _launchctl = new(site.Runner, site.UserId);

    /// <exception cref="InvalidDataException">The journal of an earlier installation cannot be understood.</exception>
    public async Task<MachineState> ProbeAsync()
    {
        ConfigResult config = ConfigLoader.Load(ConfigPath.Find(null, site.Machine), new GateFile(), site.Machine);
        MachineState findings = new() { Config = config, Journal = Journal.Read(places.Journal, site.Machine.IsMac) };
        if (config.Plan is null)
            return findings;
        findings = findings with
        {
            OllamaProgram =
                site.Runner.Find("ollama")
                ?? UsualOllama.Select(site.Runner.Find).FirstOrDefault(path => path is not null),
            OllamaAnswers = await AnswersAsync(config.Plan),
        };
        return site.Machine.IsMac ? ProbeHaproxy(await ProbeAgentsAsync(findings)) : await ProbeUnitsAsync(findings);
    }

    private async Task<bool> AnswersAsync(GatePlan plan) =>
        plan.Upstream.KnownAddresses is [var address, ..]
        && await site.Probe.SendAsync(new IPEndPoint(address, plan.Upstream.Port), "GET", "/api/version") is not null;

    private async Task<MachineState> ProbeUnitsAsync(MachineState findings)
    {
        Systemctl systemctl = new(site.Runner, site.UserName);
        return findings with
        {
            Lingers = await systemctl.LingersAsync(),
            Units = await new UnitSearch(systemctl).FindAsync(),
            IsForeignGateKept =
                !findings.IsGateOurs
                && (
                    await systemctl.IsActiveAsync(InstallPaths.UnitName)
                    || await systemctl.IsEnabledAsync(InstallPaths.UnitName)
                ),
        };
    }

    private async Task<MachineState> ProbeAgentsAsync(MachineState findings)
    {
        FoundAgents agents = await new AgentSearch(site, places, _launchctl).FindAsync();
        ServerAgent[] haproxies =
        [
            .. agents.Haproxies.Where(agent => HaproxyFiles.IsBeforeOllama(agent, site.Machine.Home)),
        ];
        ServerAgent? haproxy = haproxies.FirstOrDefault(agent => !agent.IsSystems && agent.Known is not null);
        bool isHaproxyLoaded =
            haproxy?.IsLoaded ?? (await _launchctl.PrintAsync(InstallPaths.HaproxyLabel)).State is not null;
        AgentState? foreign = findings.IsGateOurs
            ? null
            : (await _launchctl.PrintAsync(InstallPaths.FastGateLabel)).State;
        return findings with
        {
            Agents = agents,
            HasHaproxy =
                haproxy is not null || isHaproxyLoaded || File.Exists(places.AgentFile(InstallPaths.HaproxyLabel)),
            IsHaproxyLoaded = isHaproxyLoaded,
            HaproxyAgent = haproxy,
            SystemsHaproxy = haproxies.FirstOrDefault(agent => agent.IsSystems && agent.IsLoaded == true),
            IsForeignGateKept = foreign is not null,
            ForeignGatePath =
                File.Exists(foreign?.PropertyListPath)
                && foreign.PropertyListPath != places.AgentFile(InstallPaths.FastGateLabel)
                    ? foreign.PropertyListPath
                    : null,
            HasBrewOllama = File.Exists(places.AgentFile(InstallPaths.BrewOllamaLabel)),
            HasApp = HasApp() && (await site.Runner.RunAsync("pgrep", ["-x", "Ollama"], Longest)).Succeeded,
        };
    }

    private MachineState ProbeHaproxy(MachineState findings)
    {
        if (!findings.HasHaproxy)
            return findings;
        WrittenAgent? agent = findings.HaproxyAgent?.Agent;
        IReadOnlyList<string> paths = HaproxyFiles.PathsOf(findings.HaproxyAgent, site.Machine.Home);
        string path = paths[0];
        List<(string Name, string Text)> files = [];
        foreach (string file in paths)
        {
            if (HaproxyFiles.TextOf(file) is not { } text)
                return findings with { HaproxyConfigPath = file };
            files.Add((paths.Count > 1 ? places.Short(file) : "", text));
        }
        HaproxyConfig haproxy = HaproxyConfig.Parse(
            files,
            HaproxyContext.Of(Path.GetDirectoryName(path)!, name => agent?.Variable(name)) with
            {
                Addresses = [.. site.Machine.Interfaces.Select(each => each.Address)],
                OllamaPorts = [findings.Plan.Upstream.Port, 11434],
            }
        );
        IReadOnlyList<Rule> rules = findings.Plan.Listeners[0].Options.Policy.Rules.Rules;
        return findings with { HaproxyConfigPath = path, Haproxy = haproxy, Migration = Migration.Of(haproxy, rules) };
    }

    private bool HasApp() =>
        site.ApplicationFolders.Any(folder => Directory.Exists(Path.Combine(folder, "Ollama.app")));
}
