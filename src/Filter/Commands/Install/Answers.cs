namespace FastGate.Commands.Install;

/// <summary>What the owner answered. What was not asked is no, and the first choice.</summary>
internal sealed class Answers
{
    private readonly Dictionary<QuestionKind, int> _given = [];

    /// <param name="kind">The question.</param>
    /// <param name="answer">The number of the choice from 0; for a question of yes or no 1 for yes.</param>
    public void Add(QuestionKind kind, int answer) => _given.Add(kind, answer);

    /// <summary>It was asked.</summary>
    public bool IsGiven(QuestionKind kind) => _given.ContainsKey(kind);

    /// <summary>It was asked, and the answer was no.</summary>
    public bool IsNo(QuestionKind kind) => IsGiven(kind) && Choice(kind) == 0;

    /// <summary>Yes was answered.</summary>
    public bool GetValueOrDefault(QuestionKind kind) => Choice(kind) == 1;

    /// <summary>The number of the choice.</summary>
    public int Choice(QuestionKind kind) => _given.GetValueOrDefault(kind);
}
