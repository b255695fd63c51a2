using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FastGate.Config;

namespace FastGate.Commands.Shared;

/// <summary>Writes the <c>--help</c> text: one page for the program, and the library's text plus examples for a
/// verb.</summary>
internal sealed class HelpPage(HelpAction library) : SynchronousCommandLineAction
{
    public const string Sentence = "FastGate: an HTTP allowlist gate in front of Ollama.";

    public override bool ClearsParseErrors => true;

    /// <summary>Replaces the library's help with this one.</summary>
    public static void Replace(RootCommand root)
    {
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpPage((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parsed)
    {
        TextWriter page = parsed.InvocationConfiguration.Output;
        Command command = parsed.CommandResult.Command;
        if (command is RootCommand root)
        {
            WriteProgram(page, root);
            return ExitCodes.Yes;
        }
        library.Invoke(parsed);
        if (command is Verb verb)
            WriteExamples(page, verb.Examples);
        return ExitCodes.Yes;
    }

    private static void WriteProgram(TextWriter page, RootCommand root)
    {
        ConfigPath path = ConfigPath.Find(null, Machine.Read());
        page.WriteLine(Sentence);
        page.WriteLine();
        page.WriteLine("It listens on this machine's Tailscale address, allows only the requests on its");
        page.WriteLine("allowlist, and streams them to Ollama and the responses back without buffering.");
        page.WriteLine();
        page.WriteLine("Usage:");
        page.WriteLine("  fastgate [VERB] [FLAGS]");
        page.WriteLine();
        page.WriteLine("Verbs:");
        int width = root.Subcommands.Max(verb => verb.Name.Length);
        foreach (Command verb in root.Subcommands)
            page.WriteLine($"  {verb.Name.PadRight(width)}   {verb.Description}");
        page.WriteLine();
        page.WriteLine("Run fastgate VERB --help for the flags of a verb, fastgate --version for the version.");
        WriteExamples(page, root.Subcommands.OfType<Verb>().SelectMany(verb => verb.Examples));
        page.WriteLine();
        page.WriteLine("Config:");
        page.WriteLine("  A JSON file with comments: $XDG_CONFIG_HOME/fastgate/fastgate.json, or");
        page.WriteLine("  ~/.config/fastgate/fastgate.json if that variable is not set. Flags override it;");
        page.WriteLine("  anything it omits, or all of it if it does not exist, uses the defaults.");
        page.WriteLine(
            $"  Here: {path.Path} ({(File.Exists(path.Path) ? "exists" : "does not exist; using defaults")})"
        );
        page.WriteLine();
        page.WriteLine("Exit codes:");
        page.WriteLine("  0 yes, 1 no, 2 could not run (invalid flags, invalid config, port in use).");
    }

    private static void WriteExamples(TextWriter page, IEnumerable<Example> examples)
    {
        Example[] all = [.. examples];
        if (all.Length == 0)
            return;
        page.WriteLine();
        page.WriteLine("Examples:");
        foreach (Example example in all)
        {
            page.WriteLine($"  {example.Command}");
            page.WriteLine($"      {example.Meaning}");
        }
    }
}
