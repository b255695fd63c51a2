using System.Text;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>The config that is written where there is none: as near to what clients do today as is safe.</summary>
internal sealed class NewConfig
{
    private NewConfig(string text, GatePlan plan, string? problem) => (Text, Plan, Problem) = (text, plan, problem);

    public string Text { get; }

    /// <summary>What it means.</summary>
    public GatePlan Plan { get; }

    /// <summary>Why it cannot be used; null if it can.</summary>
    public string? Problem { get; }

    /// <param name="environment">The machine.</param>
    /// <param name="state">What was found on it.</param>
    /// <param name="answers">What its owner wants.</param>
    /// <param name="choice">Where the gate can listen.</param>
    public static NewConfig Of(HostEnvironment environment, MachineState state, Answers answers, ListenChoice choice)
    {
        HaproxyConfig? haproxy = state.IsHaproxyInTheWay ? state.Haproxy : null;
        IReadOnlyList<string> allow = RuleChoice
            .Of(state.IsHaproxyInTheWay ? state.Migration : null)[answers.Choice(QuestionKind.Rules)]
            .Allow;
        string? upstream =
            haproxy?.Server
            ?? (answers.IsYes(QuestionKind.UseRemote) ? haproxy?.Remote?.ToUpstream(haproxy.Port ?? 11434) : null);
        GatePlan usual = state.Config.Plan!;
        IReadOnlyList<string> listen =
            choice.Options.Count == 0 ? [] : choice.Options[answers.Choice(QuestionKind.Listen)];
        if (listen.Count == 1 && listen[0] == usual.Listeners[0].Options.Address.ToString())
            listen = [];
        string[] hosts =
        [
            .. (haproxy?.Hosts ?? []).Where(host =>
                HostEntry.ProblemOf(host) is null
                && !usual.Listeners[0].Options.Policy.Hosts.IsOwn(Encoding.ASCII.GetBytes(host))
            ),
        ];
        string text = ConfigText.Of(allow, listen, upstream == usual.Upstream.ToString() ? null : upstream, hosts);
        List<Problem> problems = [];
        GateFile file = GateFileReader.Read(state.Config.Path.Path, Encoding.UTF8.GetBytes(text), problems);
        GatePlan plan = new GatePlanner(environment.Machine, problems, []).Plan(file);
        return new NewConfig(
            text,
            plan,
            Obstacle(haproxy, allow, upstream) ?? (problems.Count > 0 ? problems[0].ToString() : null)
        );
    }

    private static string? Obstacle(HaproxyConfig? haproxy, IReadOnlyList<string> allow, string? upstream)
    {
        if (haproxy is null)
            return null;
        if (upstream is null && haproxy.Remote is { } foreign)
            return $"{foreign.Line}: HAProxy's Ollama "
                + $"is {foreign.Text}, {(foreign.IsTls ? "reached by TLS, which FastGate does not speak to an upstream" : "which is not this machine")}";
        return allow.Count == 0 ? "HAProxy lets nothing through without asking for more than FastGate looks at" : null;
    }
}

/// <summary>The config file that is written where there is none.</summary>
internal static class ConfigText
{
    /// <param name="added">Rules beside the usual ones.</param>
    /// <param name="listen">Where to listen, if not in the usual place.</param>
    /// <param name="upstream">Where Ollama is, if not in the usual place.</param>
    public static string Of(IReadOnlyList<string> added, string? listen = null, string? upstream = null) =>
        Of([Profiles.Seed, .. added], listen is null ? [] : [listen], upstream, []);

    /// <param name="allow">All rules and profiles.</param>
    /// <param name="listen">Where to listen; empty for the usual place.</param>
    /// <param name="upstream">Where Ollama is, if not in the usual place.</param>
    /// <param name="hosts">Names of this machine beside the usual ones.</param>
    public static string Of(
        IReadOnlyList<string> allow,
        IReadOnlyList<string> listen,
        string? upstream,
        IReadOnlyList<string> hosts
    )
    {
        StringBuilder text = new();
        text.Append(
            "// The config of FastGate. What is not here has its default; fastgate.sample.json in the "
                + "source shows every member.\n"
        );
        text.Append("// \"fastgate check\" says what it comes to. Saved changes of \"allow\" hold at once.\n{\n");
        if (listen.Count == 1)
            text.Append($"  \"listen\": \"{listen[0]}\",\n\n");
        else if (listen.Count > 1)
            text.Append($"  \"listen\": [{string.Join(", ", listen.Select(one => $"\"{one}\""))}],\n\n");
        if (upstream is not null)
            text.Append($"  \"upstream\": \"{upstream}\",\n\n");
        if (hosts.Count > 0)
            text.Append($"  \"hosts\": [{string.Join(", ", hosts.Select(one => $"\"{one}\""))}],\n\n");
        text.Append(
            "  // What is let through: profiles such as @seed and @clients, and rules such as \"GET /api/ps\".\n"
        );
        text.Append("  \"allow\": [\n");
        foreach (string rule in allow)
            text.Append($"    \"{rule}\",\n");
        return text.Append("  ],\n}\n").ToString();
    }
}
