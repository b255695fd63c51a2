using System.CommandLine;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Shared;

/// <summary>Says what is wrong with a command line, in as few words as there are mistakes.</summary>
internal static class UsageError
{
    public static void Write(TextWriter to, ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        // What follows an unknown word is mostly a consequence of it.
        IEnumerable<string> complaints = parsed.UnmatchedTokens is [var first, ..]
            ? [Unknown(first, command)]
            : parsed.Errors.Select(error => error.Message).Distinct();
        foreach (string complaint in complaints)
            to.WriteLine($"fastgate: {complaint}");
        PointToHelp(to, command);
    }

    /// <summary>The same for a word that was taken for something else, though it looks like a flag.</summary>
    public static void WriteUnknown(TextWriter to, string word, Command command)
    {
        to.WriteLine($"fastgate: {Unknown(word, command)}");
        PointToHelp(to, command);
    }

    /// <summary>Says why a verb could not do what it was asked to.</summary>
    /// <returns>The exit code that says the same.</returns>
    public static int CouldNot(TextWriter to, string verb, string problem)
    {
        to.WriteLine($"fastgate {verb}: {problem}");
        return ExitCodes.CouldNot;
    }

    private static void PointToHelp(TextWriter to, Command command) =>
        to.WriteLine($"See: fastgate{(command is RootCommand ? "" : $" {command.Name}")} --help");

    private static string Unknown(string word, Command command)
    {
        bool isFlag = word.StartsWith('-');
        string kind =
            isFlag ? "flag"
            : command.Subcommands.Count > 0 ? "verb"
            : "argument";
        IEnumerable<string> known = isFlag
            ? command.Options.Select(option => option.Name)
            : command.Subcommands.Select(verb => verb.Name);
        string says = $"\"{word}\" is no {kind} of {(command is RootCommand ? "fastgate" : command.Name)}";
        return NearestName.Of(word, known) is { } nearest ? $"{says}: did you mean {nearest}?" : says;
    }
}
