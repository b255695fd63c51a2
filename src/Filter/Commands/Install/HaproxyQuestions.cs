using FastGate.Host;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install;

/// <summary>The questions for a machine where HAProxy protects Ollama. Pure.</summary>
internal static class HaproxyQuestions
{
    /// <summary>Whether to replace HAProxy, with everything that is not migrated.</summary>
    public static Question Replace(MachineState state, InstallPaths paths)
    {
        string path = paths.Short(state.HaproxyConfigPath!);
        string agent = paths.Short(state.HaproxyAgent?.Path ?? paths.AgentFile(InstallPaths.HaproxyLabel));
        string text =
            $"Unload {state.HaproxyLabel} and move its property list aside? Both cannot use the "
            + $"same port. uninstall restores it.";
        if (state.Haproxy is not { } haproxy || state.Migration is not { } migration)
            return new Question(
                QuestionKind.ReplaceHaproxy,
                [
                    $"HAProxy protects Ollama on this machine: {agent}",
                    $"Its configuration was not found ({path}), so FastGate uses the allowlist of its own config.",
                ],
                text
            );
        string[] notMigrated =
        [
            .. haproxy.NotMigrated.Select(line => $"  not migrated: {line}"),
            .. haproxy.NotUnderstood.Select(line => $"  not understood, so not migrated: {line}"),
        ];
        if (!haproxy.LeadsToOllama)
            return new Question(
                QuestionKind.ReplaceHaproxy,
                [
                    $"HAProxy uses the port that FastGate needs, but nothing in {path} leads to Ollama: {agent}",
                    .. notMigrated,
                ],
                text,
                IsYesByDefault: false
            );
        List<string> details =
        [
            $"HAProxy protects Ollama on this machine: {agent}",
            $"What {path} allows (any method, unless one is named), and what FastGate allows instead:",
        ];
        int width = migration.Rows.Select(row => row.Before.Length).DefaultIfEmpty().Max();
        details.AddRange(migration.Rows.Select(row => $"  {row.Before.PadRight(width)}  {row.After}"));
        if (migration.Extra.Count > 0)
            details.Add(
                $"  FastGate also allows what HAProxy does not allow for "
                    + $"everyone: {string.Join("; ", migration.Extra)}"
            );
        details.AddRange(notMigrated);
        if (state.Config.FileExists && migration.Added.Count > 0)
            details.Add($"  not added, because a config exists: {string.Join("; ", migration.Added)}");
        return new Question(QuestionKind.ReplaceHaproxy, details, text);
    }

    /// <summary>Whether to forward requests in plain text to another machine, as HAProxy does. Never asked for TLS,
    /// which FastGate does not support.</summary>
    public static Question? Remote(MachineState state)
    {
        if (state.Config.FileExists || state.Haproxy?.Remote is not { IsTls: false, GetsProxyHeader: false } server)
            return null;
        return new Question(
            QuestionKind.UseRemote,
            [$"The Ollama behind HAProxy is on another machine: {server.Line}"],
            $"Forward requests there in plain text ({server.Text}), as HAProxy does?",
            IsYesByDefault: false
        )
        {
            When = IsReplaced,
        };
    }

    /// <summary>Which allowlist replaces HAProxy's rules, if there is a choice.</summary>
    public static Question? Rules(MachineState state)
    {
        if (state.Config.FileExists || state.Migration is not { } migration)
            return null;
        IReadOnlyList<RuleChoice.Option> options = RuleChoice.Of(migration);
        return options.Count < 2
            ? null
            : new Question(QuestionKind.Rules, [], "What should FastGate allow?")
            {
                Options = [.. options.Select(option => option.Text)],
                When = IsReplaced,
            };
    }

    private static bool IsReplaced(Answers answers) => !answers.IsNo(QuestionKind.ReplaceHaproxy);
}

/// <summary>The allowlists that can replace HAProxy's rules. Pure.</summary>
internal static class RuleChoice
{
    /// <summary>One allowlist.</summary>
    /// <param name="Text">The description for the user.</param>
    /// <param name="Allow">The lines of <c>allow</c>; empty if FastGate would allow nothing and so is not
    /// installed.</param>
    public readonly record struct Option(string Text, IReadOnlyList<string> Allow);

    /// <summary>The options, the safest first.</summary>
    public static IReadOnlyList<Option> Of(Migration? migration)
    {
        if (migration is null)
            return [new Option(Profiles.Seed, [Profiles.Seed])];
        string[] seedAndAdded = [Profiles.Seed, .. migration.Added];
        string added = migration.Added.Count > 0 ? $"{Profiles.Seed} and the rules added above" : Profiles.Seed;
        List<Option> options = [];
        if (migration.Extra.Count == 0)
            options.Add(new Option(added, seedAndAdded));
        else
        {
            options.Add(
                migration.Exact.Count > 0
                    ? new Option(
                        $"only what HAProxy allows by name: {string.Join("; ", migration.Exact)}",
                        migration.Exact
                    )
                    : new Option("nothing: leave HAProxy in place", [])
            );
            options.Add(new Option($"{added}, for everyone who can connect", seedAndAdded));
        }
        if (migration.Unnamed.Count > 0)
            options.Add(
                new Option(
                    $"{added}, and also what HAProxy allows without naming "
                        + $"it: {string.Join("; ", migration.Unnamed)}",
                    [.. seedAndAdded, .. migration.Unnamed]
                )
            );
        return options;
    }
}
