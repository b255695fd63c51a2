using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using FastGate.Config;

namespace FastGate.Commands.Shared;

/// <summary>What <c>--help</c> shows: a page of its own for the program, and examples below the flags of a
/// verb.</summary>
internal sealed class HelpPage(HelpAction usual) : SynchronousCommandLineAction
{
    public const string Sentence = "FastGate: an HTTP allowlist gate in front of Ollama.";

    public override bool ClearsParseErrors => true;

    /// <summary>Puts these pages in the place of the usual ones.</summary>
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
        usual.Invoke(parsed);
        if (command is Verb verb)
            WriteExamples(page, verb.Examples);
        return ExitCodes.Yes;
    }

    private static void WriteProgram(TextWriter page, RootCommand root)
    {
        ConfigPath path = ConfigPath.Find(null, Machine.Read());
        page.WriteLine(Sentence);
        page.WriteLine();
        page.WriteLine("It listens on this machine's Tailscale address, lets through the requests that its");
        page.WriteLine("allowlist names, and passes their bytes to Ollama and back as they come.");
        page.WriteLine();
        page.WriteLine("Usage:");
        page.WriteLine("  fastgate [VERB] [FLAGS]");
        page.WriteLine();
        page.WriteLine("Verbs:");
        int width = root.Subcommands.Max(verb => verb.Name.Length);
        foreach (Command verb in root.Subcommands)
            page.WriteLine($"  {verb.Name.PadRight(width)}   {verb.Description}");
        page.WriteLine();
        page.WriteLine("  fastgate VERB --help shows the flags of one; --version shows the version.");
        WriteExamples(page, root.Subcommands.OfType<Verb>().SelectMany(verb => verb.Examples));
        page.WriteLine();
        page.WriteLine("Config:");
        page.WriteLine("  One JSON file with comments: $XDG_CONFIG_HOME/fastgate/fastgate.json, or else");
        page.WriteLine("  ~/.config/fastgate/fastgate.json. Without it the defaults hold; flags stand over it.");
        page.WriteLine(
            $"  Here: {path.Path} "
                + $"({(File.Exists(path.Path) ? "it is there" : "it is not there, so the defaults hold")})"
        );
        page.WriteLine();
        page.WriteLine("Exit codes: 0 yes, 1 no, 2 could not (bad flags, a bad config, a port in use).");
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
