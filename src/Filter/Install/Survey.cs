using System.Net;
using FastGate.Config;
using FastGate.Launchd;
using FastGate.Rules;
using FastGate.Systemd;

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
        WrittenAgent? agent = ReadAgent(places.AgentFile(Places.HaproxyLabel));
        IReadOnlyList<string> named = HaproxyFiles.Named(agent?.ProgramArguments ?? []);
        // Without -f: where the set-up that is replaced keeps it.
        string[] paths = named.Count > 0 ? [.. named] : [Path.Combine(site.Machine.Home, ".haproxy/haproxy.cfg")];
        string path = paths[0];
        List<(string Name, string Text)> files = [];
        foreach (string file in paths)
        {
            if (HaproxyFiles.TextOf(file) is not { } text) return findings with { HaproxyConfigPath = file };
            files.Add((paths.Length > 1 ? places.Short(file) : "", text));
        }
        HaproxyConfig haproxy = HaproxyConfig.Parse(files, HaproxyFiles.Context(Path.GetDirectoryName(path)!, name => agent?.Variable(name)) with
        {
            Addresses = [.. site.Machine.Interfaces.Select(each => each.Address)],
            OllamaPorts = [findings.Plan.Upstream.Port, 11434],
        });
        IReadOnlyList<Rule> rules = findings.Plan.Listeners[0].Options.Policy.Rules.Rules;
        return findings with { HaproxyConfigPath = path, Haproxy = haproxy, Migration = Migration.Of(haproxy, rules) };
    }

    private bool HasApp() => site.ApplicationFolders.Any(folder => Directory.Exists(Path.Combine(folder, "Ollama.app")));

    private static WrittenAgent? ReadAgent(string path) =>
        File.Exists(path) && WrittenAgent.TryRead(File.ReadAllText(path), out WrittenAgent? agent, out _) ? agent : null;
}
