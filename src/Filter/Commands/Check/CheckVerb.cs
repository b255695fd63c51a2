using System.CommandLine;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Check;

/// <summary><c>fastgate check</c>: whether the config is valid and what it comes to, or what becomes of one
/// request.</summary>
internal static class CheckVerb
{
    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Argument<string[]> request = new("METHOD PATH")
        {
            Arity = new ArgumentArity(0, 2),
            HelpName = "METHOD PATH",
            Description = "A request to try, such as GET /api/tags; the path can be a whole URL",
        };
        Verb verb = new(
            "check",
            "Check the config and show its rules; with METHOD PATH, try one request on them.",
            new Example(
                "fastgate check",
                "Is the config valid, which rules are in force, which addresses would be bound now?"
            ),
            new Example(
                "fastgate check POST /api/pull",
                "Would this be let through, and if not, what would the client see?"
            ),
            new Example(
                "fastgate check --allow @clients GET http://mac.example.ts.net:11434/api/ps",
                "The same with other rules, and with a host name."
            )
        );
        verb.Add(request);
        flags.AddTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed.GetValue(request) ?? [], flags, parsed, terminal));
        return verb;
    }

    private static async Task<int> RunAsync(string[] words, ConfigFlags flags, ParseResult parsed, Terminal terminal)
    {
        // A method can begin with a dash, but no client's does: this is a flag that is written wrong.
        if (words.FirstOrDefault(word => word.StartsWith('-')) is { } flag)
        {
            UsageError.WriteUnknown(terminal.Error, flag, parsed.CommandResult.Command);
            return ExitCodes.CouldNot;
        }
        RequestText? request = null;
        if (words.Length > 0 && !RequestText.TryRead(words, out request, out string? problem))
        {
            terminal.Error.WriteLine(problem);
            return ExitCodes.CouldNot;
        }
        Machine machine = Machine.Read();
        ConfigResult config = ConfigLoader.Load(flags.PathOf(parsed, machine), flags.Read(parsed), machine);
        if (config.Plan is null)
        {
            ProblemList.Write(terminal.Error, config);
            return ExitCodes.CouldNot;
        }
        if (request is not null)
            return RequestReport.Write(terminal, config.Plan, request) ? ExitCodes.Yes : ExitCodes.No;
        IReadOnlyList<InterfaceAddress> interfaces = await TailscaleDaemon.Usual.MarkAsync(
            machine.Interfaces,
            CancellationToken.None
        );
        ConfigReport.Write(terminal, config, machine with { Interfaces = interfaces });
        return ExitCodes.Yes;
    }
}
