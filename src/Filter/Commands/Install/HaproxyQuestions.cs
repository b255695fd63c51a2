using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>What has to be asked where HAProxy stands in the gate's place. Pure.</summary>
internal static class HaproxyQuestions
{
    /// <summary>May it go, with all that is lost by it?</summary>
    public static Question Replace(MachineState state, InstallPaths paths)
    {
        string path = paths.Short(state.HaproxyConfigPath!);
        string agent = paths.Short(state.HaproxyAgent?.Path ?? paths.AgentFile(InstallPaths.HaproxyLabel));
        string text =
            $"Unload {state.HaproxyLabel}, and put its property list aside? Both cannot have the "
            + $"port; uninstall brings it back.";
        if (state.Haproxy is not { } haproxy || state.Migration is not { } migration)
            return new Question(
                QuestionKind.ReplaceHaproxy,
                [
                    $"HAProxy guards Ollama here: {agent}",
                    $"Its configuration was not found ({path}): FastGate lets through what its own config says.",
                ],
                text
            );
        string[] notTaken =
        [
            .. haproxy.NotMigrated.Select(line => $"  not taken over: {line}"),
            .. haproxy.NotUnderstood.Select(line => $"  not understood, so not taken over: {line}"),
        ];
        if (!haproxy.LeadsToOllama)
            return new Question(
                QuestionKind.ReplaceHaproxy,
                [
                    $"HAProxy has the port that FastGate needs, and nothing in {path} leads to Ollama: {agent}",
                    .. notTaken,
                ],
                text,
                IsYesByDefault: false
            );
        List<string> before =
        [
            $"HAProxy guards Ollama here: {agent}",
            $"{path} lets through (any method, unless it names one), and in its place FastGate:",
        ];
        int width = migration.Rows.Select(row => row.Before.Length).DefaultIfEmpty().Max();
        before.AddRange(migration.Rows.Select(row => $"  {row.Before.PadRight(width)}  {row.After}"));
        if (migration.Extra.Count > 0)
            before.Add(
                $"  opens in addition, which HAProxy does not let through for "
                    + $"everybody: {string.Join("; ", migration.Extra)}"
            );
        before.AddRange(notTaken);
        if (state.Config.IsThere && migration.Added.Count > 0)
            before.Add($"  not added by itself, since there is a config: {string.Join("; ", migration.Added)}");
        return new Question(QuestionKind.ReplaceHaproxy, before, text);
    }

    /// <summary>May requests go to another machine in plain text, as they do today? Never asked for TLS, which there is
    /// not.</summary>
    public static Question? Remote(MachineState state)
    {
        if (state.Config.IsThere || state.Haproxy?.Remote is not { IsTls: false, GetsProxyHeader: false } server)
            return null;
        return new Question(
            QuestionKind.UseRemote,
            [$"HAProxy's Ollama is on another machine: {server.Line}"],
            $"Send requests there in plain text ({server.Text}), as HAProxy does?",
            IsYesByDefault: false
        )
        {
            When = IsReplaced,
        };
    }

    /// <summary>Which rules take the place of HAProxy's, if there is more than one way.</summary>
    public static Question? Rules(MachineState state)
    {
        if (state.Config.IsThere || state.Migration is not { } migration)
            return null;
        IReadOnlyList<RuleChoice.Option> options = RuleChoice.Of(migration);
        return options.Count < 2
            ? null
            : new Question(QuestionKind.Rules, [], "What should FastGate let through?")
            {
                Options = [.. options.Select(option => option.Text)],
                When = IsReplaced,
            };
    }

    private static bool IsReplaced(Answers answers) => !answers.IsNo(QuestionKind.ReplaceHaproxy);
}

/// <summary>The allowlists that can take the place of HAProxy's rules. Pure.</summary>
internal static class RuleChoice
{
    /// <summary>One of them.</summary>
    /// <param name="Text">For people.</param>
    /// <param name="Allow">The lines of <c>allow</c>; none if nothing is to be opened, and so nothing to be
    /// installed.</param>
    public readonly record struct Option(string Text, IReadOnlyList<string> Allow);

    /// <summary>The safe one first.</summary>
    public static IReadOnlyList<Option> Of(Migration? migration)
    {
        if (migration is null)
            return [new Option(Profiles.Seed, [Profiles.Seed])];
        string[] usual = [Profiles.Seed, .. migration.Added];
        string added = migration.Added.Count > 0 ? $"{Profiles.Seed} and what is added above" : Profiles.Seed;
        List<Option> options = [];
        if (migration.Extra.Count == 0)
            options.Add(new Option(added, usual));
        else
        {
            options.Add(
                migration.Exact.Count > 0
                    ? new Option(
                        $"only what HAProxy lets through by name: {string.Join("; ", migration.Exact)}",
                        migration.Exact
                    )
                    : new Option("nothing: leave HAProxy as it is", [])
            );
            options.Add(new Option($"{added}, for everybody who can connect", usual));
        }
        if (migration.Left.Count > 0)
            options.Add(
                new Option(
                    $"{added}, and also what HAProxy lets through without naming "
                        + $"it: {string.Join("; ", migration.Left)}",
                    [.. usual, .. migration.Left]
                )
            );
        return options;
    }
}
