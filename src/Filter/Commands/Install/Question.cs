using FastGate.Commands.Clients;

namespace FastGate.Commands.Install;

/// <summary>A decision that the user has to make.</summary>
/// <param name="Kind">What is to be decided.</param>
/// <param name="Details">Background for the decision, line by line.</param>
/// <param name="Text">The question: yes or no, or a choice among <see cref="Options"/>.</param>
/// <param name="IsYesByDefault">The answer to a yes-or-no question when the user presses Return.</param>
internal sealed record Question(
    QuestionKind Kind,
    IReadOnlyList<string> Details,
    string Text,
    bool IsYesByDefault = true
)
{
    /// <summary>The choices. The first is the safe one and the default. Empty for a yes-or-no question.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether the question is still needed, given the answers before it.</summary>
    public Func<Answers, bool> When { get; init; } = _ => true;

    /// <summary>The index of the default option; for a yes-or-no question 1 for yes.</summary>
    public int DefaultAnswer => Options.Count == 0 && IsYesByDefault ? 1 : 0;
}

/// <summary>The decisions of an installation.</summary>
internal enum QuestionKind
{
    /// <summary>Unload HAProxy's agent and move its property list aside?</summary>
    ReplaceHaproxy,

    /// <summary>Install Tailscale with Homebrew (macOS)?</summary>
    InstallTailscale,

    /// <summary>Install Ollama with Homebrew (macOS)?</summary>
    InstallOllama,

    /// <summary>Stop Homebrew's service and run Ollama from an agent instead?</summary>
    StopBrew,

    /// <summary>Change Ollama's agent so that it listens only on loopback?</summary>
    RestrictOllama,

    /// <summary>Turn off Ollama's cloud features, which use the account at ollama.com?</summary>
    NoCloud,

    /// <summary>Replace a program, agent or unit of FastGate's name that <c>install</c> did not create?</summary>
    ReplaceForeign,

    /// <summary>Overwrite an agent or unit of FastGate that the user edited?</summary>
    OverwriteEdited,

    /// <summary>Enable lingering, so that the gate runs without a login session (Linux)?</summary>
    Linger,

    /// <summary>Which allowlist replaces HAProxy's rules?</summary>
    Rules,

    /// <summary>At which of the addresses that clients use should the gate listen?</summary>
    Listen,

    /// <summary>Forward requests in plain text to an Ollama on another machine, as HAProxy does?</summary>
    UseRemote,

    /// <summary>Continue although clients have to change their URL?</summary>
    MoveClients,
}

/// <summary>The user's answers. A question without an answer counts as no, or as the first choice.</summary>
internal sealed class Answers
{
    private readonly Dictionary<QuestionKind, int> _answers = [];

    /// <summary>The clients that the user will use, by option or by prompt.</summary>
    public IReadOnlyList<Client> Clients { get; set; } = [];

    /// <summary>The addresses that <c>--listen</c> names; empty if the machine decides.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>The lines that <c>--allow</c> names; empty for the default.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <param name="answer">The index of the choice; for a yes-or-no question 1 for yes.</param>
    public void Add(QuestionKind kind, int answer) => _answers.Add(kind, answer);

    /// <summary>Whether an option has answered the question.</summary>
    public bool Decides(QuestionKind kind) =>
        kind switch
        {
            QuestionKind.Listen or QuestionKind.MoveClients => Listen.Count > 0,
            QuestionKind.Rules => Allow.Count > 0,
            _ => false,
        };

    /// <summary>Whether the question was asked.</summary>
    public bool IsAnswered(QuestionKind kind) => _answers.ContainsKey(kind);

    /// <summary>Whether the question was asked and answered no.</summary>
    public bool IsNo(QuestionKind kind) => IsAnswered(kind) && Choice(kind) == 0;

    /// <summary>Whether the answer was yes.</summary>
    public bool IsYes(QuestionKind kind) => Choice(kind) == 1;

    /// <summary>The index of the choice.</summary>
    public int Choice(QuestionKind kind) => _answers.GetValueOrDefault(kind);
}
