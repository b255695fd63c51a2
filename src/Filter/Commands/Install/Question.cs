namespace FastGate.Commands.Install;

/// <summary>Something that the owner decides.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Before">What there is to know, line by line.</param>
/// <param name="Text">The question, to be answered by yes or no, or by one of <see cref="Options"/>.</param>
/// <param name="Usual">The answer of who just presses return.</param>
internal sealed record Question(QuestionKind Kind, IReadOnlyList<string> Before, string Text, bool Usual = true)
{
    /// <summary>What can be chosen; the first is the safe one, and that of who just presses return. Empty for yes or
    /// no.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Whether it has to be asked, after what was answered before it.</summary>
    public Func<Answers, bool> When { get; init; } = _ => true;

    /// <summary>The number of the option, or 1 for yes.</summary>
    public int UsualAnswer => Options.Count == 0 && Usual ? 1 : 0;
}
