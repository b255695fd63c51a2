using FastGate.Host;

namespace FastGate.Commands.Install;

/// <summary>What has to be asked where HAProxy stands in the gate's place. Pure.</summary>
internal static class HaproxyQuestions
{
    /// <summary>May it go, with all that is lost by it?</summary>
    public static Question Replace(MachineState findings, InstallPaths places)
    {
        string path = places.Short(findings.HaproxyConfigPath!);
        string agent = places.Short(findings.HaproxyAgent?.Path ?? places.AgentFile(InstallPaths.HaproxyLabel));
        string text =
            $"Unload {findings.HaproxyLabel}, and put its property list aside? Both cannot have the "
            + $"port; uninstall brings it back.";
        if (findings.Haproxy is not { } haproxy || findings.Migration is not { } migration)
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
            .. haproxy.NotTakenOver.Select(line => $"  not taken over: {line}"),
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
                Usual: false
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
        if (findings.Config.FileExists && migration.Added.Count > 0)
            before.Add($"  not added by itself, since there is a config: {string.Join("; ", migration.Added)}");
        return new Question(QuestionKind.ReplaceHaproxy, before, text);
    }

    /// <summary>May requests go to another machine in plain text, as they do today? Never asked for TLS, which there is
    /// not.</summary>
    public static Question? Remote(MachineState findings)
    {
        if (
            findings.Config.FileExists
            || findings.Haproxy?.Foreign is not { IsTls: false, GetsProxyHeader: false } server
        )
            return null;
        return new Question(
            QuestionKind.TakeRemote,
            [$"HAProxy's Ollama is on another machine: {server.Line}"],
            $"Send requests there in plain text ({server.Text}), as HAProxy does?",
            Usual: false
        )
        {
            When = IsReplaced,
        };
    }

    /// <summary>Which rules take the place of HAProxy's, if there is more than one way.</summary>
    public static Question? Rules(MachineState findings)
    {
        if (findings.Config.FileExists || findings.Migration is not { } migration)
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
