using System.Globalization;

namespace FastGate.Commands.Shared;

internal sealed partial class Terminal
{
    // Beside a question, for the answer.
    private const int AnswerWidth = 4;

    /// <summary>Prompts until the answer is yes, no, or Return for the default; null at the end of input.</summary>
    public bool? Ask(string question, bool defaultAnswer)
    {
        while (true)
        {
            Out.Write($"{Wrapped($"{question} [{(defaultAnswer ? "Y/n" : "y/N")}]")} ");
            Out.Flush();
            if (_input.ReadLine() is not { } answer)
                return null;
            switch (answer.Trim().ToUpperInvariant())
            {
                case "":
                    return defaultAnswer;
                case "Y" or "YES":
                    return true;
                case "N" or "NO":
                    return false;
            }
        }
    }

    /// <summary>Prompts until the answer is the number of an option, or Return for the first; null at the end of
    /// input.</summary>
    /// <returns>The option's index.</returns>
    public int? Choose(string question, IReadOnlyList<string> options)
    {
        while (true)
        {
            Paragraph(Plain(question));
            foreach ((int index, string option) in options.Index())
                Labeled($"  {index + 1}. ", 5, Plain(option));
            Out.Write("Number [1] ");
            Out.Flush();
            if (_input.ReadLine() is not { } answer)
                return null;
            if (answer.Trim().Length == 0)
                return 0;
            if (
                int.TryParse(
                    answer,
                    NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture,
                    out int number
                )
                && number > 0
                && number <= options.Count
            )
                return number - 1;
        }
    }

    /// <summary>Prompts until every word of the answer is the name or the number of an option, or it is all, none, or
    /// Return for none; null at the end of input.</summary>
    /// <param name="question">The question.</param>
    /// <param name="options">The names and descriptions, safe for a terminal.</param>
    /// <returns>The options' indexes, in their order.</returns>
    public IReadOnlyList<int>? ChooseAny(string question, IReadOnlyList<(string Name, string Text)> options)
    {
        Paragraph(Plain(question));
        int width = options.Max(option => option.Name.Length);
        foreach ((int index, (string name, string text)) in options.Index())
            Labeled($"  {index + 1, 2}. {name}", width + 8, Plain(text));
        while (true)
        {
            Out.Write("Names or numbers, all, or none [none] ");
            Out.Flush();
            if (_input.ReadLine() is not { } answer)
                return null;
            string[] words = answer.Split((char[])[' ', ','], StringSplitOptions.RemoveEmptyEntries);
            if (words is [] or ["none"])
                return [];
            if (words is ["all"])
                return [.. Enumerable.Range(0, options.Count)];
            int[] chosen = [.. words.Select(IndexOf)];
            if (chosen.All(index => index >= 0))
                return [.. chosen.Distinct().Order()];
            Out.WriteLine($"Unknown: {TerminalText.Prose(words[Array.IndexOf(chosen, -1)])}");
        }

        int IndexOf(string word) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? number > 0 && number <= options.Count
                    ? number - 1
                    : -1
                : options.Index().FirstOrDefault(option => option.Item.Name == word, (-1, default)).Index;
    }

    // Without a final line break, because the answer follows.
    private string Wrapped(string text) =>
        IsTerminal ? string.Join('\n', WordWrap.Lines(text, Width - AnswerWidth)) : text;
}
