namespace FastGate.Install;

/// <summary>Something that the owner decides.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Before">What there is to know, line by line.</param>
/// <param name="Text">The question, to be answered by yes or no.</param>
/// <param name="Usual">The answer of who just presses return.</param>
/// <param name="OnlyAfter">Asked only if the answer to this one was yes; null if it is always asked.</param>
internal sealed record Question(QuestionKind Kind, IReadOnlyList<string> Before, string Text, bool Usual = true, QuestionKind? OnlyAfter = null);
