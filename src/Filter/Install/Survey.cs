using System.Net;
using FastGate.Config;
using FastGate.Launchd;
using FastGate.Rules;
using FastGate.Systemd;
using FastGate.Transport;

namespace FastGate.Install;

/// <summary>Looks at a machine before an installation. Changes nothing.</summary>
internal sealed class Survey(Site site, Places places)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    // A login by ssh often lacks Homebrew's folder; the last is what Ollama.app brings.
    private static readonly string[] UsualOllama =
        ["/opt/homebrew/bin/ollama", "/usr/local/bin/ollama", "/Applications/Ollama.app/Contents/Resources/ollama"];

    private readonly Launchctl launchctl = new(site.Runner, site.UserId);

    /// <exception cref="InvalidDataException">The journal of an earlier installation cannot be understood.</exception>
    public async Task<Findings> LookAsync()
    {
        ConfigResult config = ConfigLoader.Load(ConfigPath.Find(null, site.Machine), new GateFile(), site.Machine);
        Findings findings = new() { Config = config, Journal = Journal.Read(places.Journal) };
        if (config.Plan is null) return findings;
        findings = findings with
        {
            OllamaProgram = site.Runner.Find("ollama") ?? UsualOllama.Select(site.Runner.Find).FirstOrDefault(path => path is not null),
            OllamaAnswers = await AnswersAsync(config.Plan),
        };
        return site.Machine.IsMac
            ? LookAtHaproxy(await LookAtAgentsAsync(findings))
            : findings with { Lingers = await new Systemctl(site.Runner, site.UserName).LingersAsync() };
    }

    private async Task<bool> AnswersAsync(GatePlan plan) => plan.Upstream.KnownAddresses is [var address, ..]
        && await site.Probe.AskAsync(new IPEndPoint(address, plan.Upstream.Port), "GET", "/api/version") is not null;

    private async Task<Findings> LookAtAgentsAsync(Findings findings)
    {
        string ollama = places.AgentFile(Places.OllamaLabel);
        bool isHaproxyLoaded = (await launchctl.PrintAsync(Places.HaproxyLabel)).State is not null;
        return findings with
        {
            HasHaproxy = isHaproxyLoaded || File.Exists(places.AgentFile(Places.HaproxyLabel)),
            IsHaproxyLoaded = isHaproxyLoaded,
            HasOllamaAgent = File.Exists(ollama),
            OllamaAgent = ReadAgent(ollama),
            IsOllamaLoaded = (await launchctl.PrintAsync(Places.OllamaLabel)).State is not null,
            HasBrewOllama = File.Exists(places.AgentFile(Places.BrewOllamaLabel)),
            HasApp = HasApp() && (await site.Runner.RunAsync("pgrep", ["-x", "Ollama"], Longest)).Succeeded,
            SessionHost = await launchctl.SessionVariableAsync(OllamaHost.Variable),
        };
    }

    private Findings LookAtHaproxy(Findings findings)
    {
        if (!findings.HasHaproxy) return findings;
        string path = HaproxyConfigPath();
        if (!File.Exists(path)) return findings with { HaproxyConfigPath = path };
        HaproxyConfig haproxy = HaproxyConfig.Parse(RegularFile.ReadText(path));
        IReadOnlyList<Rule> rules = findings.Plan.Listeners[0].Options.Policy.Rules.Rules;
        return findings with { HaproxyConfigPath = path, Haproxy = haproxy, Migration = Migration.Of(haproxy, rules) };
    }

    // The file behind -f, or where the set-up that is replaced keeps it.
    private string HaproxyConfigPath()
    {
        IReadOnlyList<string> words = ReadAgent(places.AgentFile(Places.HaproxyLabel))?.ProgramArguments ?? [];
        string? named = words.SkipWhile(word => word != "-f").Skip(1).FirstOrDefault();
        return named is not null && Path.IsPathRooted(named) ? named : Path.Combine(site.Machine.Home, ".haproxy/haproxy.cfg");
    }

    private bool HasApp() => site.ApplicationFolders.Any(folder => Directory.Exists(Path.Combine(folder, "Ollama.app")));

    private static WrittenAgent? ReadAgent(string path) =>
        File.Exists(path) && WrittenAgent.TryRead(RegularFile.ReadText(path), out WrittenAgent? agent, out _) ? agent : null;
}
