using System.CommandLine;
using System.CommandLine.Completions;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Shell;

/// <summary>Answers the completion scripts of the shells: what the last word of a command line can become.</summary>
internal static class Completion
{
    /// <summary>The hidden first argument; the command line up to the cursor follows as one argument.</summary>
    public const string Directive = "[complete]";

    private const string Help = "help";

    /// <summary>Writes one line for each completion: the word, a tab, and its description.</summary>
    /// <param name="root">The command line of the program.</param>
    /// <param name="line">A command line up to the cursor, with the program's name.</param>
    /// <param name="defaultVerb">The verb of a line without one.</param>
    /// <param name="parsing">How the program parses.</param>
    /// <param name="terminal">The output.</param>
    public static void Write(
        RootCommand root,
        string line,
        string defaultVerb,
        ParserConfiguration parsing,
        Terminal terminal
    )
    {
        // The words before the last one, without the program's name; quotes stay as they are.
        int start = line.LastIndexOfAny([' ', '\t']) + 1;
        string[] before = line[..start].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (before.Length == 0)
            return;
        string word = line[start..];
        // What follows an unknown verb is not completed as if it were one.
        if (before is [_, [not '-', ..] verb, ..] && verb != Help && root.Subcommands.All(known => known.Name != verb))
            return;
        IEnumerable<CompletionItem> items = Lines(root, before[1..], word, defaultVerb)
            .Select(words => string.Join(' ', words.Append(word)))
            .SelectMany(text => root.Parse(text, parsing).GetCompletions(text.Length))
            .Where(item => item.Label.StartsWith(word, StringComparison.Ordinal) && IsWanted(item.Label, word));
        foreach (CompletionItem item in items.DistinctBy(item => item.Label))
            terminal.Out.WriteLine($"{item.Label}\t{Short(item.Detail)}");
    }

    // The words to parse; two lines where a flag may be the program's or the default verb's.
    private static IEnumerable<string[]> Lines(RootCommand root, string[] before, string word, string defaultVerb) =>
        before switch
        {
            [Help, ..] => [before[1..]],
            [] when word.StartsWith('-') =>
            [
                [defaultVerb],
                [],
            ],
            [['-', ..] first, ..] when root.Options.All(option => option.Name != first) =>
            [
                [defaultVerb, .. before],
            ],
            _ => [before],
        };

    // Flags once a dash is typed, and long forms only: "-?" and "/h" are for those who know them.
    private static bool IsWanted(string label, string word) =>
        label.StartsWith('-')
            ? word.StartsWith('-') && (label.StartsWith("--", StringComparison.Ordinal) || label == word)
            : !label.StartsWith('/');

    // The first sentence, since a menu has one line for each.
    private static string Short(string? detail) => detail?.ReplaceLineEndings(" ").Split(". ")[0].TrimEnd('.') ?? "";
}
