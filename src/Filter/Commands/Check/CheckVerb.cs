using System.CommandLine;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Check;

/// <summary><c>fastgate check</c>: validates the config and shows its effect, or tests one request against
/// it.</summary>
internal static class CheckVerb
{
    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Argument<string[]> request = new("METHOD PATH")
        {
            Arity = new ArgumentArity(0, 2),
            HelpName = "METHOD PATH",
            Description = "Request to test, such as GET /api/tags; the path can be a full URL",
        };
        Verb verb = new(
            "check",
            "Validate the config and show its rules; with METHOD PATH, test one request.",
            new Example("fastgate check", "Validate the config; show the rules and the addresses to bind."),
            new Example(
                "fastgate check POST /api/pull",
                "Show whether this request is allowed and, if not, what the client sees."
            ),
            new Example(
                "fastgate check --allow @clients GET http://mac.example.ts.net:11434/api/ps",
                "Test a request with other rules and with a host name."
            )
        );
        verb.Add(request);
        flags.AddTo(verb);
        verb.SetAction((parsed, _) => RunAsync(parsed.GetValue(request) ?? [], flags, parsed, terminal));
        return verb;
    }

    private static async Task<int> RunAsync(string[] words, ConfigFlags flags, ParseResult parsed, Terminal terminal)
    {
        // A method may start with a dash (RFC 9110 §5.6.2), but no client's does: this is a misspelled flag.
        if (words.FirstOrDefault(word => word.StartsWith('-')) is { } flag)
        {
            UsageError.WriteUnknown(terminal.Error, flag, parsed.CommandResult.Command);
            return ExitCodes.CouldNot;
        }
        RequestText? request = null;
        if (words.Length > 0 && !RequestText.TryParse(words, out request, out string? problem))
            return UsageError.CouldNot(terminal.Error, "check", problem);
        Machine machine = Machine.Read();
        if (flags.Load(parsed, machine, terminal) is not { Plan: { } plan } config)
            return ExitCodes.CouldNot;
        if (request is not null)
            return RequestReport.Write(terminal, plan, request) ? ExitCodes.Yes : ExitCodes.No;
        IReadOnlyList<InterfaceAddress> interfaces = await TailscaleDaemon.Default.MarkAsync(
            machine.Interfaces,
            CancellationToken.None
        );
        ConfigReport.Write(terminal, config, machine with { Interfaces = interfaces });
        return ExitCodes.Yes;
    }
}
