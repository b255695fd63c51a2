namespace FastGate.Install;

/// <summary>Finds what has to be asked on a machine. Pure but for the files that it compares.</summary>
internal sealed class Questions(Site site, Places places, Findings findings)
{
    /// <param name="withOllama">Ollama is not left alone, so it is asked about.</param>
    public IReadOnlyList<Question> All(bool withOllama)
    {
        ClientQuestions clients = new(site, places, findings, withOllama);
        Question?[] aboutHaproxy = findings.IsHaproxyInTheWay
            ? [HaproxyQuestions.Replace(findings, places), HaproxyQuestions.Remote(findings), HaproxyQuestions.Rules(findings)] : [];
        Question?[] aboutOllama = withOllama ? [AboutBrew(), AboutOllama()] : [];
        return [.. ((Question?[])[.. aboutHaproxy, .. aboutOllama, clients.Listen(), clients.Move(), AboutEdits(), AboutLinger()]).OfType<Question>()];
    }

    private Question? AboutBrew() => !findings.HasBrewOllama ? null : new Question(QuestionKind.StopBrew,
        ["Homebrew keeps Ollama here (brew services)."],
        "Stop that service, and keep Ollama by an agent that hears loopback only?");

    private Question? AboutOllama()
    {
        if (!findings.IsOllamaAgentOpen) return null;
        string path = places.AgentFile(Places.OllamaLabel);
        return new Question(QuestionKind.CloseOllama,
            [findings.OllamaAgent is null
                ? $"{places.Short(path)} cannot be read, so nobody knows who reaches Ollama."
                : $"{places.Short(path)} has {OllamaHost.Variable}={findings.OllamaAgentHost}: others reach Ollama past the gate.",
            $"It is kept as {places.Short(Disk.AsideOf(path))}, and uninstall puts it back."],
            $"Change it to {OllamaHost.Variable}={findings.Plan.Upstream}?");
    }

    private Question? AboutEdits()
    {
        string path = site.Machine.IsMac ? places.AgentFile(Places.FastGateLabel) : places.UnitFile;
        if (!IsEdited(path)) return null;
        return new Question(QuestionKind.RewriteEdited, [$"{places.Short(path)} was changed since it was installed."],
            "Write it anew? The changed one is kept beside it, with .edited behind its name.", Usual: false);
    }

    private bool IsEdited(string path) =>
        findings.Journal.HashOf(path) is { } wrote && Disk.HashOf(path) is { } present && present != wrote;

    private Question? AboutLinger() => site.Machine.IsMac || findings.Lingers ? null : new Question(QuestionKind.Linger,
        ["A user's units run only while the user is logged in."],
        $"Let them run from boot on, and after a logout ({Systemd.Systemctl.LingerLine(on: true, site.UserName)})?");
}
