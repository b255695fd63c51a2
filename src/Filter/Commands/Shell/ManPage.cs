using System.CommandLine;
using System.Text;
using FastGate.Commands.Shared;

namespace FastGate.Commands.Shell;

/// <summary>Writes the manual page from the help of the verbs, in mdoc(7). The program contains the result as
/// <c>fastgate.1</c>, and a test compares them.</summary>
internal static class ManPage
{
    /// <summary>The hidden argument that prints the page.</summary>
    public const string Directive = "[man]";

    // mandoc and groff warn about longer lines of text.
    private const int TextWidth = 78;

    public static string Of(IEnumerable<Command> verbs)
    {
        Command[] all = [.. verbs];
        StringBuilder page = new();
        page.Append(
            """
            .\" Generated from the help of the verbs, which a test compares:
            .\"   fastgate '[man]' >src/Filter/Commands/Shell/fastgate.1
            .Dd November 28, 2026
            .Dt FASTGATE 1
            .Os
            .Sh NAME
            .Nm fastgate
            .Nd HTTP allowlist gate in front of Ollama
            .Sh SYNOPSIS
            .Nm
            .Op Ar verb
            .Op Ar flags
            .Sh DESCRIPTION
            .Nm
            listens on the machine's Tailscale address, checks the method and path of every
            request against an allowlist, and forwards allowed requests byte for byte to an
            Ollama that listens only on loopback.
            Without a verb it runs the gate; on a terminal, if a gate runs already, it shows
            the status instead.
            .Sh VERBS

            """
        );
        page.Append($".Bl -tag -width {all.MaxBy(verb => verb.Name.Length)!.Name}\n");
        foreach (Command verb in all)
            page.Append($".It Cm {verb.Name}\n{Text(verb.Description!)}");
        page.Append(".El\n");
        foreach (Command verb in all)
            AppendVerb(page, verb);
        page.Append(
            """
            .Sh FILES
            .Bl -tag -width Ds
            .It Pa ~/.config/fastgate/fastgate.json
            The config, a JSON file with comments; without it, every member has its
            default.
            The sample config
            .Pa fastgate.sample.json
            shows each of them.
            .It Pa ~/.local/state/fastgate/access.log
            The access log on Linux; on macOS,
            .Pa ~/Library/Logs/FastGate/access.log .
            .El
            .Sh EXIT STATUS
            0 for yes, 1 for no, 2 if
            .Nm
            could not run (invalid flags, invalid config, port in use).

            """
        );
        return page.ToString();
    }

    private static void AppendVerb(StringBuilder page, Command verb)
    {
        page.Append($".Ss fastgate {verb.Name}\n.Nm\n.Cm {verb.Name}\n");
        foreach (Argument argument in verb.Arguments)
            page.Append($".Op Ar {Word(argument.HelpName ?? argument.Name)}\n");
        page.Append($".Op Ar flags\n.Pp\n{Text(verb.Description!)}");
        Option[] options = [.. verb.Options.Where(option => !option.Hidden)];
        if (options.Length > 0 || verb.Arguments.Count > 0)
        {
            page.Append(".Bl -tag -width Ds\n");
            foreach (Argument argument in verb.Arguments)
                page.Append($".It Ar {Word(argument.HelpName ?? argument.Name)}\n{Text(argument.Description ?? "")}");
            foreach (Option option in options)
            {
                string value = option.HelpName is { } name ? $" Ar {Word(name)}" : "";
                page.Append($".It {string.Join(" , ", option.Aliases.Prepend(option.Name).Select(Flag))}{value}\n");
                page.Append(Text(option.Description ?? ""));
            }
            page.Append(".El\n");
        }
        foreach (Example example in (verb as Verb)?.Examples ?? [])
            page.Append($".Pp\n{Text(example.Meaning)}.Dl {Word(example.Command)}\n");
    }

    // "Fl -listen" prints --listen.
    private static string Flag(string name) => $"Fl {name[1..]}";

    // A word of a macro's line that is itself a macro or a delimiter needs the escape; the other characters do not.
    private static string Word(string text) => string.Join(' ', Escape(text).Split(' ').Select(word => $"\\&{word}"));

    // One sentence a line, as mdoc(7) asks.
    private static string Text(string text)
    {
        StringBuilder lines = new();
        foreach (string sentence in Escape(text).Replace(". ", ".\n", StringComparison.Ordinal).Split('\n'))
        {
            // A line that begins with a dot or an apostrophe would be a macro.
            foreach (string line in WordWrap.Lines(sentence, TextWidth))
                lines.Append(line is ['.' or '\'', ..] ? $"\\&{line}" : line).Append('\n');
        }
        return lines.ToString();
    }

    private static string Escape(string text) => text.Replace("\\", "\\e", StringComparison.Ordinal);
}
