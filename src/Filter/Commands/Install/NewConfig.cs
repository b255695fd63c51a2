using System.Text;
using FastGate.Config;
using FastGate.Host;

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

    /// <param name="site">The machine.</param>
    /// <param name="findings">What was found on it.</param>
    /// <param name="answers">What its owner wants.</param>
    /// <param name="choice">Where the gate can listen.</param>
    public static NewConfig Of(HostEnvironment site, MachineState findings, Answers answers, ListenChoice choice)
    {
        HaproxyConfig? haproxy = findings.IsHaproxyInTheWay ? findings.Haproxy : null;
        IReadOnlyList<string> allow = RuleChoice
            .Of(findings.IsHaproxyInTheWay ? findings.Migration : null)[answers.Choice(QuestionKind.Rules)]
            .Allow;
        string? upstream =
            haproxy?.Server
            ?? (
                answers.GetValueOrDefault(QuestionKind.TakeRemote)
                    ? haproxy?.Foreign?.ToUpstream(haproxy.Port ?? 11434)
                    : null
            );
        GatePlan usual = findings.Config.Plan!;
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
        GateFile file = GateFileReader.Read(findings.Config.Path.Path, Encoding.UTF8.GetBytes(text), problems);
        GatePlan plan = new GatePlanner(site.Machine, problems, []).Plan(file);
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
        if (upstream is null && haproxy.Foreign is { } foreign)
            return $"{foreign.Line}: HAProxy's Ollama "
                + $"is {foreign.Text}, {(foreign.IsTls ? "reached by TLS, which FastGate does not speak to an upstream" : "which is not this machine")}";
        return allow.Count == 0 ? "HAProxy lets nothing through without asking for more than FastGate looks at" : null;
    }
}
