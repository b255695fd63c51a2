using System.Text.RegularExpressions;
using FastGate.Test.Support;

namespace FastGate.Test.Tidy;

/// <summary>A command in a fenced block of the README or of a page in docs.</summary>
/// <param name="Page">The page's path from the repository's root.</param>
/// <param name="Line">Its line on the page, from 1.</param>
/// <param name="Text">The command without its comment.</param>
/// <param name="IsMarked">Whether the page marks it as not run: by <c>&lt;!-- not run by the tests: WHY --&gt;</c>
/// before the block, or by a sentence about all commands of the page.</param>
internal sealed partial record DocumentedCommand(string Page, int Line, string Text, bool IsMarked)
{
    private const string Fence = "```";
    private const string Mark = "<!-- not run by the tests: ";
    private const string PageMark = "commands on this page are not run by the tests";

    private static readonly string[] Programs = ["fastgate ", "dotnet "];

    public static IReadOnlyList<DocumentedCommand> ReadAll() =>
        [
            .. from path in Directory
                .EnumerateFiles(Path.Combine(SourceTree.Root, "docs"), "*.md")
                .Order()
                .Prepend(Path.Combine(SourceTree.Root, "README.md"))
            from command in In(Path.GetRelativePath(SourceTree.Root, path).Replace('\\', '/'), File.ReadAllText(path))
            select command,
        ];

    /// <summary>Every line of an sh block, and the lines of other blocks that begin with fastgate or dotnet.</summary>
    public static IEnumerable<DocumentedCommand> In(string page, string text)
    {
        bool isPageMarked = Blanks().Replace(text, " ").Contains(PageMark, StringComparison.Ordinal);
        bool isMarked = false;
        string? language = null;
        string before = "";
        foreach ((int index, string line) in text.Split('\n').Index())
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                language = language is null ? line[Fence.Length..] : null;
                isMarked = isPageMarked || before.StartsWith(Mark, StringComparison.Ordinal);
            }
            else if (language is not null && (language == "sh" || Programs.Any(line.StartsWith)))
            {
                foreach (string command in Comment().Replace(line, "").Split(" && "))
                {
                    if (command.Trim().Length > 0)
                        yield return new(page, index + 1, command.Trim(), isMarked);
                }
            }
            if (line.Length > 0)
                before = line;
        }
    }

    public override string ToString() => $"{Page}:{Line}: {Text}";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"(^|\s+)# .*")]
    private static partial Regex Comment();
}
