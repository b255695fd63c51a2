namespace FastGate.Commands.Install;

/// <summary>Something that the owner decides.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Details">What there is to know, line by line.</param>
/// <param name="Text">The question, to be answered by yes or no, or by one of <see cref="Options"/>.</param>
/// <param name="IsYesByDefault">The answer of who just presses return.</param>
internal sealed record Question(
    QuestionKind Kind,
    IReadOnlyList<string> Details,
    string Text,
    bool IsYesByDefault = true
)
{
    /// <summary>What can be chosen; the first is the safe one, and that of who just presses return. Empty for yes or
    /// no.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether it has to be asked, after what was answered before it.</summary>
    public Func<Answers, bool> When { get; init; } = _ => true;

    /// <summary>The number of the option, or 1 for yes.</summary>
    public int DefaultAnswer => Options.Count == 0 && IsYesByDefault ? 1 : 0;
}

/// <summary>What the owner is asked.</summary>
internal enum QuestionKind
{
    /// <summary>May HAProxy's agent be unloaded?</summary>
    ReplaceHaproxy,

    /// <summary>May Homebrew's service be stopped, and Ollama be kept by an agent?</summary>
    StopBrew,

    /// <summary>May the agent of Ollama be changed so that it hears loopback only?</summary>
    RestrictOllama,

    /// <summary>Shall Ollama be kept from the owner's account at ollama.com?</summary>
    NoCloud,

    /// <summary>May a program, an agent or a unit of FastGate's name be replaced that somebody else made?</summary>
    ReplaceForeign,

    /// <summary>May what the owner changed in FastGate's agent or unit be written anew?</summary>
    OverwriteEdited,

    /// <summary>May the gate run without a session?</summary>
    Linger,

    /// <summary>Which rules take the place of HAProxy's?</summary>
    Rules,

    /// <summary>At which of the addresses that clients use does the gate listen?</summary>
    Listen,

    /// <summary>May requests go on in plain text to Ollama on another machine, as HAProxy sends them?</summary>
    UseRemote,

    /// <summary>May the clients of today be cut off until their URL is changed?</summary>
    MoveClients,
}

/// <summary>What the owner answered. What was not asked is no, and the first choice.</summary>
internal sealed class Answers
{
    private readonly Dictionary<QuestionKind, int> _given = [];

    /// <param name="kind">The question.</param>
    /// <param name="answer">The number of the choice from 0; for a question of yes or no 1 for yes.</param>
    public void Add(QuestionKind kind, int answer) => _given.Add(kind, answer);

    /// <summary>It was asked.</summary>
    public bool IsAnswered(QuestionKind kind) => _given.ContainsKey(kind);

    /// <summary>It was asked, and the answer was no.</summary>
    public bool IsNo(QuestionKind kind) => IsAnswered(kind) && Choice(kind) == 0;

    /// <summary>Yes was answered.</summary>
    public bool IsYes(QuestionKind kind) => Choice(kind) == 1;

    /// <summary>The number of the choice.</summary>
    public int Choice(QuestionKind kind) => _given.GetValueOrDefault(kind);
}
