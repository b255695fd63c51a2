using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FastGate.Config;

namespace FastGate.Commands.Shared;

/// <summary>Writes the <c>--help</c> text: one short page for the program, and the library's text plus examples for a
/// verb.</summary>
internal sealed class HelpPage(HelpAction library, Terminal terminal) : SynchronousCommandLineAction
{
    public const string Sentence = "FastGate: an HTTP allowlist gate in front of Ollama.";

    private const int ExampleWidth = 38;

    // A verb that is in no group is shown under "Other".
    private static readonly (string Heading, string[] Verbs)[] Groups =
    [
        ("Set up", ["install", "uninstall", "clients", "demo"]),
        ("Look", ["status", "logs", "check", "doctor"]),
        ("Run", ["run", "start", "stop", "restart", "enable", "disable", "warm"]),
    ];

    private static readonly Example[] Examples =
    [
        new("fastgate demo --once", "Show a gate at work; nothing else is needed."),
        new("fastgate install --dry-run", "Show what an installation would do."),
        new("fastgate clients claude-code", "Print what to paste into a client."),
        new("fastgate check POST /api/chat", "Test one request against the rules."),
    ];

    public override bool ClearsParseErrors => true;

    /// <summary>Replaces the library's help with this one.</summary>
    public static void Replace(RootCommand root, Terminal terminal)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpPage((HelpAction)option.Action!, terminal);
    }

    public override int Invoke(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        if (command is RootCommand root)
        {
            Write(terminal, root.Subcommands);
            return ExitCodes.Yes;
        }
        library.Invoke(parsed);
        if (command is Verb verb)
            WriteExamples(verb.Examples);
        return ExitCodes.Yes;
    }

    /// <summary>Writes the page of the program.</summary>
    public static void Write(Terminal terminal, IEnumerable<Command> verbs)
    {
        Command[] all = [.. verbs];
        ConfigPath path = ConfigPath.Find(null, Machine.Read());
        terminal.Line(Terminal.Plain(Sentence));
        terminal.Out.WriteLine();
        terminal.Line("Usage: fastgate VERB [[FLAGS]]");
        int width = all.Max(verb => verb.Name.Length) + 5;
        foreach ((string heading, string[] names) in Groups)
            WriteGroup(heading, names.Select(name => all.FirstOrDefault(verb => verb.Name == name)).OfType<Command>());
        WriteGroup("Other", all.Where(verb => !Groups.Any(group => group.Verbs.Contains(verb.Name))));
        terminal.Out.WriteLine();
        terminal.Line("[bold]Examples:[/]");
        foreach (Example example in Examples)
            terminal.Labeled($"  {example.Command}", ExampleWidth, Terminal.Plain(example.Meaning));
        terminal.Out.WriteLine();
        terminal.Paragraph(
            Terminal.Plain(
                $"Config: {TerminalText.Prose(Machine.Read().Short(path.Path))}"
                    + (File.Exists(path.Path) ? "" : ", which does not exist, so the defaults apply")
            )
        );
        terminal.Paragraph("Exit codes: 0 yes, 1 no, 2 could not run.");
        terminal.Paragraph("Flags of a verb: fastgate VERB --help. Version: fastgate --version.");

        void WriteGroup(string heading, IEnumerable<Command> group)
        {
            bool isFirst = true;
            foreach (Command verb in group)
            {
                if (isFirst)
                {
                    terminal.Out.WriteLine();
                    terminal.Line($"[bold]{heading}:[/]");
                }
                isFirst = false;
                terminal.Labeled($"  {verb.Name}", width, Terminal.Plain(verb.Description!));
            }
        }
    }

    private void WriteExamples(IReadOnlyList<Example> examples)
    {
        if (examples.Count == 0)
            return;
        terminal.Out.WriteLine();
        terminal.Line("Examples:");
        foreach (Example example in examples)
        {
            terminal.Out.WriteLine($"  {example.Command}");
            terminal.Paragraph(Terminal.Plain(example.Meaning), indent: 6);
        }
    }
}
