using System.Text;
using FastGate.Commands.Clients;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>The config that is written if none exists: as close to what clients use today as is safe.</summary>
internal sealed class NewConfig
{
    private NewConfig(string text, GatePlan plan, string? problem) => (Text, Plan, Problem) = (text, plan, problem);

    public string Text { get; }

    /// <summary>The plan that the text amounts to.</summary>
    public GatePlan Plan { get; }

    /// <summary>Why the config cannot be used; null if it can.</summary>
    public string? Problem { get; }

    /// <param name="environment">The machine and user.</param>
    /// <param name="state">The state of the machine.</param>
    /// <param name="answers">The user's answers.</param>
    /// <param name="choice">The addresses that the gate can listen on.</param>
    public static NewConfig Of(HostEnvironment environment, MachineState state, Answers answers, ListenChoice choice)
    {
        HaproxyConfig? haproxy = state.IsHaproxyInTheWay ? state.Haproxy : null;
        IReadOnlyList<string> allow =
            answers.Allow.Count > 0
                ? answers.Allow
                : RuleChoice
                    .Of(state.IsHaproxyInTheWay ? state.Migration : null)[answers.Choice(QuestionKind.Rules)]
                    .Allow;
        // An empty list is an obstacle, which clients do not remove.
        if (allow.Count > 0)
            allow = [.. allow, .. ClientRules.Missing(allow, answers.Clients)];
        string? upstream =
            haproxy?.Server
            ?? (answers.IsYes(QuestionKind.UseRemote) ? haproxy?.Remote?.ToUpstream(haproxy.Port ?? 11434) : null);
        GatePlan defaultPlan = state.Config.Plan!;
        IReadOnlyList<string> listen =
            answers.Listen.Count > 0 ? answers.Listen
            : choice.Options.Count == 0 ? []
            : choice.Options[answers.Choice(QuestionKind.Listen)];
        if (listen.Count == 1 && listen[0] == defaultPlan.Listeners[0].Options.Address.ToString())
            listen = [];
        string[] hosts =
        [
            .. (haproxy?.Hosts ?? []).Where(host =>
                HostEntry.ProblemOf(host) is null
                && !defaultPlan.Listeners[0].Options.Policy.Hosts.IsOwn(Encoding.ASCII.GetBytes(host))
            ),
        ];
        string text = ConfigText.Of(
            allow,
            listen,
            upstream == defaultPlan.Upstream.ToString() ? null : upstream,
            hosts
        );
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
        if (upstream is null && haproxy.Remote is { } remote)
            return $"{remote.Line}: the Ollama behind HAProxy is {remote.Text}, "
                + (
                    remote.IsTls
                        ? "reached over TLS, which FastGate does not support for an upstream"
                        : "which is on another machine"
                );
        return allow.Count == 0 ? "HAProxy allows nothing without conditions that FastGate does not check" : null;
    }
}

/// <summary>Writes the text of a new config file.</summary>
internal static class ConfigText
{
    /// <param name="added">Rules in addition to <c>@seed</c>.</param>
    /// <param name="listen">The address to listen on; null for the default.</param>
    /// <param name="upstream">Ollama's address; null for the default.</param>
    public static string Of(IReadOnlyList<string> added, string? listen = null, string? upstream = null) =>
        Of([Profiles.Seed, .. added], listen is null ? [] : [listen], upstream, []);

    /// <param name="allow">All rules and profiles.</param>
    /// <param name="listen">The addresses to listen on; empty for the default.</param>
    /// <param name="upstream">Ollama's address; null for the default.</param>
    /// <param name="hosts">Names of this machine in addition to the default ones.</param>
    public static string Of(
        IReadOnlyList<string> allow,
        IReadOnlyList<string> listen,
        string? upstream,
        IReadOnlyList<string> hosts
    )
    {
        StringBuilder text = new();
        text.Append(
            "// FastGate's config. Anything omitted uses its default; fastgate.sample.json in the "
                + "source shows every setting.\n"
        );
        text.Append(
            "// Run \"fastgate check\" to validate it. Changes to \"allow\" take effect when the file is saved.\n{\n"
        );
        if (listen.Count == 1)
            text.Append($"  \"listen\": \"{listen[0]}\",\n\n");
        else if (listen.Count > 1)
            text.Append($"  \"listen\": [{string.Join(", ", listen.Select(address => $"\"{address}\""))}],\n\n");
        if (upstream is not null)
            text.Append($"  \"upstream\": \"{upstream}\",\n\n");
        if (hosts.Count > 0)
            text.Append($"  \"hosts\": [{string.Join(", ", hosts.Select(host => $"\"{host}\""))}],\n\n");
        text.Append("  // What is allowed: profiles such as @seed and @clients, and rules such as \"GET /api/ps\".\n");
        text.Append("  \"allow\": [\n");
        foreach (string rule in allow)
            text.Append($"    \"{rule}\",\n");
        return text.Append("  ],\n}\n").ToString();
    }
}
