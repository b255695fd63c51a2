using System.CommandLine;
using System.CommandLine.Completions;
using System.Diagnostics.CodeAnalysis;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Clients;

/// <summary><c>fastgate clients</c>: prints the URL that clients use and their settings, and whether the rules allow
/// them. Exit code 1 if a client that was named cannot work.</summary>
internal static class ClientsVerb
{
    public static Command Create(Terminal terminal)
    {
        ConfigFlags flags = new();
        Argument<string[]> names = new("CLIENT")
        {
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "CLIENT",
            Description = "Clients to show, such as claude-code or codex (default: all)",
        };
        names.CompletionSources.Add(_ => ClientNames.Completions);
        Option<bool> json = new("--json") { Description = "Print one JSON object, for programs" };
        Verb verb = new(
            "clients",
            "Print the URL that clients use and their settings, and whether the rules allow them.",
            new Example("fastgate clients", "Show the settings of every known client, filled in for this machine."),
            new Example("fastgate clients claude-code", "Show one client; exit code 1 if the rules refuse it."),
            new Example("fastgate clients --allow @clients --json", "Test other rules, for a script.")
        );
        verb.Add(names);
        verb.Add(json);
        flags.AddRulesTo(verb);
        verb.SetAction(
            async (parsed, _) =>
            {
                if (!ClientNames.TryFind(parsed.GetValue(names) ?? [], out var clients, out string? problem))
                    return UsageError.CouldNot(terminal.Error, "clients", problem);
                Machine machine = Machine.Read();
                if (flags.Load(parsed, machine, terminal) is not { Plan: { } plan } config)
                    return ExitCodes.CouldNot;
                machine = machine with
                {
                    Interfaces = await TailscaleDaemon.Default.MarkAsync(machine.Interfaces, CancellationToken.None),
                };
                ClientReport report = await ClientReport.ReadAsync(
                    config.Path,
                    plan,
                    machine,
                    TailscaleProgram.CreateRunner(Environment.GetEnvironmentVariable("PATH") ?? ""),
                    clients.Count > 0 ? clients : ClientCatalog.All
                );
                return Run(report, isNamed: clients.Count > 0, parsed.GetValue(json), terminal);
            }
        );
        return verb;
    }

    /// <summary>Runs the verb on a report from any source.</summary>
    public static int Run(ClientReport report, bool isNamed, bool json, Terminal terminal)
    {
        if (json)
            terminal.Out.WriteLine(ClientsJson.Of(report));
        else
            new ClientsScreen(terminal, report).Show();
        bool works = report.Urls.Count > 0 && report.Clients.All(access => access.Outcome != ClientOutcome.Refused);
        return works || !isNamed ? ExitCodes.Yes : ExitCodes.No;
    }
}

/// <summary>Reads the names of clients on a command line.</summary>
internal static class ClientNames
{
    /// <summary>The names for a shell to complete.</summary>
    public static IEnumerable<CompletionItem> Completions =>
        ClientCatalog.All.Select(client => new CompletionItem(client.Id, detail: client.Title));

    /// <summary>The last name of a list, each completion with the names before it.</summary>
    public static IEnumerable<CompletionItem> ListCompletions(string word)
    {
        string before = word[..(word.LastIndexOf(',') + 1)];
        return
        [
            .. Completions.Select(item => new CompletionItem(before + item.Label, detail: item.Detail)),
            .. before.Length > 0 ? [] : ((string[])["all", "none"]).Select(name => new CompletionItem(name)),
        ];
    }

    /// <summary>Reads a list such as <c>claude-code,codex</c>, <c>all</c> or <c>none</c>.</summary>
    /// <param name="clients">Null for no list.</param>
    public static bool TryFindList(
        string? text,
        out IReadOnlyList<Client>? clients,
        [NotNullWhen(false)] out string? problem
    )
    {
        (clients, problem) = text?.Trim() switch
        {
            null => (null, null),
            "none" => ([], null),
            "all" => (ClientCatalog.All, null),
            { } list => TryFind(
                list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                out IReadOnlyList<Client>? found,
                out string? unknown
            )
                ? (found, null)
                : ((IReadOnlyList<Client>?)null, unknown),
        };
        return problem is null;
    }

    public static bool TryFind(
        IEnumerable<string> names,
        [NotNullWhen(true)] out IReadOnlyList<Client>? clients,
        [NotNullWhen(false)] out string? problem
    )
    {
        string[] distinct = [.. names.Distinct()];
        string[] known = [.. ClientCatalog.All.Select(client => client.Id)];
        string? unknown = distinct.FirstOrDefault(name => !known.Contains(name));
        clients = unknown is null ? [.. distinct.Select(name => ClientCatalog.Find(name)!)] : null;
        problem =
            unknown is null ? null
            : NearestName.Of(unknown, known) is { } nearest
                ? $"unknown client \"{TerminalText.Prose(unknown)}\"; did you mean {nearest}?"
            : $"unknown client \"{TerminalText.Prose(unknown)}\"; the clients are {string.Join(", ", known)}";
        return unknown is null;
    }
}
