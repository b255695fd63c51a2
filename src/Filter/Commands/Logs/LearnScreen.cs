using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary>What a log teaches: the requests that were seen, and the allowlist that they need.</summary>
internal static class LearnScreen
{
    // What a screen has room for; the rest is counted.
    private const int RowsMax = 20;
    private const int RulesShownMax = 5;
    private const int HostsShownMax = 10;

    public static int Show(Terminal terminal, string path, LogFilter filter, GatePlan plan, bool withUnknown)
    {
        (LogAnalysis learning, long broken) = Read(path, filter);
        if (learning.Requests == 0)
        {
            terminal.Error.WriteLine(
                $"fastgate logs: no requests "
                    + $"in {path}{(filter.Since is null && filter.Peer is null ? "" : " that were asked for")}"
            );
            return ExitCodes.No;
        }
        WriteSummary(terminal, learning, broken);
        Rule[] needed = Needed(learning, withUnknown);
        WriteRequests(terminal, "Requests for Ollama", learning.Of(RequestKind.Legitimate), _ => "");
        WriteRequests(
            terminal,
            "For models or the server: never proposed, do it on this machine",
            learning.Of(RequestKind.Management),
            request => request.Refused == request.Requests ? "refused, and rightly" : "LET THROUGH by a rule of yours"
        );
        WriteRequests(
            terminal,
            withUnknown
                ? "Unknown to Ollama: proposed, since you asked"
                : "Unknown to Ollama: not proposed (--with-unknown does)",
            learning.Of(RequestKind.Unknown),
            request => CureOf(request, plan)
        );
        WriteProposal(terminal, needed, plan);
        return ExitCodes.Yes;
    }

    /// <summary>The member of the config, ready to paste.</summary>
    public static string Snippet(IReadOnlyList<string> lines) =>
        $"\"allow\": "
        + $"[\n{string.Join(",\n", lines.Select(line => $"  \"{JsonEncodedText.Encode(line, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""))}\n]";

    private static (LogAnalysis Learning, long Broken) Read(string path, LogFilter filter)
    {
        LogAnalysis learning = new();
        long broken = 0;
        using LogChain chain = LogChain.Open(path);
        foreach (byte[] bytes in chain.Forward())
        {
            if (LogLineReader.Read(bytes) is not { } line)
                broken++;
            else if (filter.Accepts(line))
                learning.Add(line);
        }
        return (learning, broken);
    }

    private static Rule[] Needed(LogAnalysis learning, bool withUnknown) =>
        [
            .. learning
                .Of(RequestKind.Legitimate)
                .Concat(withUnknown ? learning.Of(RequestKind.Unknown) : [])
                .Select(request => request.Rule)
                .OfType<Rule>()
                .Where(rule =>
                    !OllamaRoutes.ManagementOpenedBy(rule).Any() && !LlamaRoutes.ManagementOpenedBy(rule).Any()
                ),
        ];

    private static void WriteSummary(Terminal terminal, LogAnalysis learning, long broken)
    {
        string from = learning.First!.Value.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string to = learning.Last!.Value.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        terminal.Line(
            $"[bold]{Count(learning.Requests)} {(learning.Requests == 1 ? "request" : "requests")}[/] "
                + $"by {Count(learning.Peers)} {(learning.Peers == 1 ? "peer" : "peers")}, {from} to {to}"
        );
        if (learning.Malformed > 0)
            terminal.Line($"Not whole or malformed, so that no rule could open them: {Count(learning.Malformed)}");
        WriteHosts(terminal, learning);
        if (learning.Upgrades > 0)
            terminal.Line(
                $"WebSocket requests, answered with 426 so that the client uses POST: {Count(learning.Upgrades)}"
            );
        if (learning.Missing > 0)
            terminal.Line($"[yellow]Dropped by the writer, so not in here: {Count(learning.Missing)}[/]");
        if (learning.Uncounted > 0)
            terminal.Line($"[yellow]Too many kinds to tell apart; left out: {Count(learning.Uncounted)}[/]");
        if (broken > 0)
            terminal.Line($"[yellow]Broken lines, left out: {Count(broken)}[/]");
    }

    private static void WriteHosts(Terminal terminal, LogAnalysis learning)
    {
        if (learning.ForeignHosts == 0)
            return;
        terminal.Line(
            $"[yellow]Refused because of their host name: {Count(learning.ForeignHosts)}[/]; if a name "
                + $"is this machine's, add it to \"hosts\""
        );
        foreach ((string name, long requests) in learning.Hosts.Take(HostsShownMax))
            terminal.Line(
                $"  {Terminal.Plain(TerminalText.Cut(TerminalText.Sentence(name), terminal.Width - 16))}  {Count(requests)}"
            );
        if (learning.Hosts.Count > HostsShownMax)
            terminal.Line($"  and {Count(learning.Hosts.Count - HostsShownMax)} other names");
    }

    private static void WriteRequests(
        Terminal terminal,
        string title,
        IReadOnlyList<ObservedRequest> requests,
        Func<ObservedRequest, string> note
    )
    {
        if (requests.Count == 0)
            return;
        terminal.Line("");
        terminal.Line($"[bold]{Terminal.Plain(title)}[/]");
        int width = Math.Clamp(terminal.Width - 38, 24, 64);
        terminal.Line($"  [dim]{"REQUEST".PadRight(width)} {"SEEN", 8} {"REFUSED", 8} {"PEERS", 6}[/]");
        foreach (ObservedRequest request in requests.Take(RowsMax))
        {
            string text = TerminalText.Cut(TerminalText.Sentence(request.Text), width).PadRight(width);
            string refused = $"{Count(request.Refused), 8}";
            terminal.Line(
                $"  {Terminal.Plain(text)} {Count(request.Requests), 8} {(request.Refused > 0 ? $"[red]{refused}[/]" : refused)} {Count(request.Peers), 6}"
            );
            if (note(request) is { Length: > 0 } says)
                terminal.Line($"    [dim]{Terminal.Plain(says)}[/]");
        }
        if (requests.Count > RowsMax)
            terminal.Line(
                $"  and {Count(requests.Count - RowsMax)} others, "
                    + $"seen {Count(requests.Skip(RowsMax).Sum(request => request.Requests))} times"
            );
    }

    private static string CureOf(ObservedRequest request, GatePlan plan)
    {
        if (request.Text.Split(' ') is not [var method, var path])
            return "";
        byte[] sent = Encoding.UTF8.GetBytes(path);
        RuleSet[] present = [.. plan.Listeners.Select(listener => listener.Options.Policy.Rules)];
        return present.Any(rules => rules.Match(Encoding.UTF8.GetBytes(method), sent).Allowed)
            ? "the present \"allow\" opens it"
            // Of the present rules, so that what is open already is not proposed again.
            : Cures.TextOf(present[0], method, path);
    }

    private static void WriteProposal(Terminal terminal, Rule[] needed, GatePlan plan)
    {
        terminal.Line("");
        if (needed.Length == 0)
        {
            terminal.Line("Nothing of this needs a rule.");
            return;
        }
        Rule[] missing =
        [
            .. needed.Where(rule => !plan.Listeners.Any(listener => Covers(listener.Options.Policy.Rules, rule))),
        ];
        if (missing.Length == 0)
            terminal.Line("[green]The present \"allow\" has all that these requests for Ollama need.[/]");
        else
        {
            terminal.Line("[bold]To add to the present \"allow\"[/]");
            foreach (string line in SmallestAllowList.Of(missing))
                terminal.Out.WriteLine($"  {line}");
        }
        terminal.Line("");
        terminal.Line("[bold]The smallest list for these requests, and no others[/], in place of the present one");
        IReadOnlyList<string> smallest = SmallestAllowList.Of(needed);
        // A profile may be named after a client that was never here: it stands for these rules all the same.
        foreach (string name in smallest.Where(line => line.StartsWith('@')))
            terminal.Line($"  [dim]{name}: {Terminal.Plain(Meaning(name))}[/]");
        // Not through the console, which would break the lines at its width: this is to be pasted.
        terminal.Out.WriteLine(Snippet(smallest));
    }

    private static string Meaning(string profile) =>
        !Profiles.TryGet(profile, out IReadOnlyList<Rule>? rules) || rules.Count == 0
            ? "OPTIONS on every path of the others"
        : rules.Count > RulesShownMax ? $"each of its {rules.Count} rules was used"
        : string.Join("; ", rules);

    private static bool Covers(RuleSet rules, Rule one) =>
        rules.Items.Any(rule => rule.Shape == one.Shape && rule.Methods.Contains(one.Methods[0]))
        || (
            one.Segments.All(segment => segment.Kind == SegmentKind.Literal)
            && rules.Match(Encoding.ASCII.GetBytes(one.Methods[0]), Encoding.ASCII.GetBytes(one.Path)).Allowed
        );

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
