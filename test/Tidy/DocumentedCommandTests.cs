using System.CommandLine;
using System.CommandLine.Parsing;
using FastGate.Commands.Check;
using FastGate.Commands.Clients;
using FastGate.Commands.Demo;
using FastGate.Commands.Doctor;
using FastGate.Commands.Install;
using FastGate.Commands.Logs;
using FastGate.Commands.Run;
using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Commands.Warm;
using FastGate.Test.Support;

namespace FastGate.Test.Tidy;

/// <summary>
/// Every command in the README and docs: the program's own are parsed by its command line, those of the checks are part
/// of <c>.ci/run</c>, and all others are marked as not run.
/// </summary>
[TestClass]
public sealed class DocumentedCommandTests
{
    private const string FromSource = "dotnet run -c Release --project src/Filter -- ";
    private const string Bench = "dotnet run -c Release --project bench";

    private static readonly string[] Installed = ["fastgate ", "~/.local/bin/fastgate "];

    public static IEnumerable<object[]> All =>
        DocumentedCommand.ReadAll().Select(command => (object[])[command.ToString(), command.Text, command.IsMarked]);

    [TestMethod]
    [DynamicData(nameof(All))]
    public void Command_IsOneThatExists_OrIsMarked(string where, string text, bool isMarked)
    {
        if (WordsOf(text) is { } words)
            Assert.IsEmpty(ErrorsOf(words), $"{where}: {string.Join("; ", ErrorsOf(words))}");
        else if (text.StartsWith(Bench, StringComparison.Ordinal))
            Assert.IsEmpty(UnknownToBench(text[Bench.Length..]), where);
        else
            Assert.IsTrue(isMarked || IsChecked(text), $"{where}: neither run nor marked as not run");
    }

    [TestMethod]
    public void Commands_AreFound()
    {
        IReadOnlyList<DocumentedCommand> all = DocumentedCommand.ReadAll();
        Assert.IsGreaterThan(20, all.Count(command => WordsOf(command.Text) is not null));
        Assert.IsTrue(all.Any(command => command.Page == "README.md"));
        Assert.IsTrue(all.Any(command => command.Page == "docs/install.md"));
    }

    [TestMethod]
    [DataRow("check --lisen x")]
    [DataRow("chekc")]
    [DataRow("run --loops x")]
    [DataRow("logs --since")]
    public void InvalidCommand_IsFound(string words) => Assert.IsNotEmpty(ErrorsOf(words.Split(' ')));

    [TestMethod]
    public void Blocks_AreReadWithTheirMarks()
    {
        const string Page =
            "```sh\nfastgate check    # a comment\n\na && b\n```\n<!-- not run by the tests: why -->\n\n```sh\nc # d\n```\n"
            + "```\nfastgate logs\nother\n```\n```sh\nd\n```\n";
        CollectionAssert.AreEqual(
            (DocumentedCommand[])
                [
                    new("p", 2, "fastgate check", false),
                    new("p", 4, "a", false),
                    new("p", 4, "b", false),
                    new("p", 9, "c", true),
                    new("p", 12, "fastgate logs", false),
                    new("p", 16, "d", false),
                ],
            DocumentedCommand.In("p", Page).ToArray()
        );
        Assert.IsTrue(
            DocumentedCommand
                .In("p", $"The commands on\nthis page are not run by the tests.\n{Page}")
                .All(c => c.IsMarked)
        );
    }

    /// <summary>The words after the program's name; null for another program.</summary>
    private static string[]? WordsOf(string text) =>
        Installed.Append(FromSource).FirstOrDefault(text.StartsWith) is { } program
            ? text[program.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : null;

    private static IReadOnlyList<string> ErrorsOf(string[] words)
    {
        Terminal terminal = new(TextWriter.Null, TextWriter.Null);
        RootCommand root =
        [
            RunVerb.Create(terminal),
            CheckVerb.Create(terminal),
            ClientsVerb.Create(terminal),
            StatusVerb.Create(terminal),
            DemoVerb.Create(),
            LogsVerb.Create(terminal),
            WarmVerb.Create(terminal),
            DoctorVerb.Create(terminal),
            InstallVerb.Create(terminal),
            UninstallVerb.Create(terminal),
        ];
        ParseResult parsed = root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // The parser reads an unknown flag of check as a method; the verb itself rejects it.
        IEnumerable<string> flags = parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(argument => argument.Tokens)
            .Where(token => token.Value.StartsWith('-'))
            .Select(token => $"unknown flag {token.Value}");
        return [.. parsed.Errors.Select(error => error.Message), .. flags];
    }

    private static IEnumerable<string> UnknownToBench(string text)
    {
        string program = File.ReadAllText(Path.Combine(SourceTree.Root, "bench", "Program.cs"));
        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            .Where(word => !program.Contains($"\"{word}\"", StringComparison.Ordinal));
    }

    /// <summary>Whether <c>.ci/run</c> runs the command, or it is that script.</summary>
    private static bool IsChecked(string text) =>
        text == ".ci/run"
        || File.ReadAllLines(Path.Combine(SourceTree.Root, ".ci", "run"))
            .Any(line => line.Contains(text, StringComparison.Ordinal));
}
