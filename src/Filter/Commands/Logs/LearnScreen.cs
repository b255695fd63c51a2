using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Logs;

/// <summary><c>fastgate logs --learn</c>: shows the requests in a log and the allowlist that they need.</summary>
internal static class LearnScreen
{
    // What fits on a screen; the rest is counted.
    private const int RowsMax = 20;
    private const int RulesShownMax = 5;
    private const int HostsShownMax = 10;

    public static int Show(Terminal terminal, string path, LogFilter filter, GatePlan plan, bool withUnknown)
    {
        (LogAnalysis analysis, long invalidLines) = Read(path, filter);
        if (analysis.Requests == 0)
        {
            string matching = filter.Since is null && filter.Peer is null ? "" : "matching ";
            terminal.Error.WriteLine($"fastgate logs: no {matching}requests in {path}");
            return ExitCodes.No;
        }
        WriteSummary(terminal, analysis, invalidLines);
        Rule[] needed = Needed(analysis, withUnknown);
        WriteRequests(terminal, "Requests for Ollama", analysis.Of(RequestKind.Legitimate), _ => "");
        WriteRequests(
            terminal,
            "Model and server management: never proposed, run these on this machine",
            analysis.Of(RequestKind.Management),
            request => request.Refused == request.Requests ? "refused, as intended" : "ALLOWED by one of your rules"
        );
        WriteRequests(
            terminal,
            withUnknown
                ? "Unknown to Ollama: proposed because of --with-unknown"
                : "Unknown to Ollama: not proposed without --with-unknown",
            analysis.Of(RequestKind.Unknown),
            request => CureOf(request, plan)
        );
        WriteProposal(terminal, needed, plan);
        return ExitCodes.Yes;
    }

    /// <summary>Returns the "allow" member of the config, ready to paste.</summary>
    public static string Snippet(IReadOnlyList<string> lines) =>
        $"\"allow\": [\n{string.Join(",\n", lines.Select(line => $"  \"{Escape(line)}\""))}\n]";

    private static JsonEncodedText Escape(string line) =>
        JsonEncodedText.Encode(line, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);

    private static (LogAnalysis Analysis, long InvalidLines) Read(string path, LogFilter filter)
    {
        LogAnalysis analysis = new();
        long invalidLines = 0;
        using LogChain chain = LogChain.Open(path);
        foreach (byte[] bytes in chain.Forward())
        {
            if (LogLineReader.Read(bytes) is not { } line)
                invalidLines++;
            else if (filter.Accepts(line))
                analysis.Add(line);
        }
        return (analysis, invalidLines);
    }

    private static Rule[] Needed(LogAnalysis analysis, bool withUnknown) =>
        [
            .. analysis
                .Of(RequestKind.Legitimate)
                .Concat(withUnknown ? analysis.Of(RequestKind.Unknown) : [])
                .Select(request => request.Rule)
                .OfType<Rule>()
                .Where(rule =>
                    !OllamaRoutes.ManagementOpenedBy(rule).Any() && !LlamaRoutes.ManagementOpenedBy(rule).Any()
                ),
        ];

    private static void WriteSummary(Terminal terminal, LogAnalysis analysis, long invalidLines)
    {
        string from = analysis.First!.Value.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        string to = analysis.Last!.Value.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        terminal.Line(
            $"[bold]{TextFormat.Count(analysis.Requests, "request")}[/] "
                + $"from {TextFormat.Count(analysis.Peers, "peer")}, {from} to {to}"
        );
        if (analysis.Malformed > 0)
            terminal.Line($"Malformed or incomplete, so no rule can allow them: {Count(analysis.Malformed)}");
        WriteHosts(terminal, analysis);
        if (analysis.Upgrades > 0)
            terminal.Line(
                $"WebSocket requests, refused with 426 so that the client uses POST: {Count(analysis.Upgrades)}"
            );
        if (analysis.Missing > 0)
            terminal.Line(Palette.Caution($"Dropped by the log writer, not included: {Count(analysis.Missing)}"));
        if (analysis.Uncounted > 0)
            terminal.Line(
                Palette.Caution(
                    $"Beyond {Count(LogAnalysis.KindsMax)} distinct requests, not included: {Count(analysis.Uncounted)}"
                )
            );
        if (invalidLines > 0)
            terminal.Line(Palette.Caution($"Invalid lines, skipped: {Count(invalidLines)}"));
    }

    private static void WriteHosts(Terminal terminal, LogAnalysis analysis)
    {
        if (analysis.ForeignHosts == 0)
            return;
        terminal.Line(
            Palette.Caution($"Refused because of the host name: {Count(analysis.ForeignHosts)}")
                + $"; if a name belongs to this machine, add it to \"hosts\""
        );
        foreach ((string name, long requests) in analysis.Hosts.Take(HostsShownMax))
        {
            string text = TerminalText.Cut(TerminalText.Sentence(name), terminal.Width - 16);
            terminal.Line($"  {Terminal.Plain(text)}  {Count(requests)}");
        }
        if (analysis.Hosts.Count > HostsShownMax)
            terminal.Line($"  and {TextFormat.Count(analysis.Hosts.Count - HostsShownMax, "more name")}");
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
            string shown = TerminalText.Cut(TerminalText.Sentence(request.Text), width).PadRight(width);
            string refused = $"{Count(request.Refused), 8}";
            terminal.Line(
                $"  {Terminal.Plain(shown)} {Count(request.Requests), 8} "
                    + $"{(request.Refused > 0 ? Palette.Bad(refused) : refused)} {Count(request.Peers), 6}"
            );
            if (note(request) is { Length: > 0 } text)
                terminal.Line($"    [dim]{Terminal.Plain(text)}[/]");
        }
        if (requests.Count > RowsMax)
            terminal.Line(
                $"  and {Count(requests.Count - RowsMax)} more, "
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
            ? "the current \"allow\" already allows it"
            // Of the current rules, so that what is allowed already is not proposed again.
            : Cures.TextOf(present[0], method, path);
    }

    private static void WriteProposal(Terminal terminal, Rule[] needed, GatePlan plan)
    {
        terminal.Line("");
        if (needed.Length == 0)
        {
            terminal.Line("None of these requests needs a rule.");
            return;
        }
        Rule[] missing =
        [
            .. needed.Where(rule => !plan.Listeners.Any(listener => Covers(listener.Options.Policy.Rules, rule))),
        ];
        if (missing.Length == 0)
            terminal.Line(Palette.Good("The current \"allow\" covers all of these requests for Ollama."));
        else
        {
            terminal.Line("[bold]Add to the current \"allow\"[/]");
            foreach (string line in SmallestAllowList.Of(missing))
                terminal.Out.WriteLine($"  {line}");
        }
        terminal.Line("");
        terminal.Line("[bold]Smallest allowlist for exactly these requests[/], to replace the current one");
        IReadOnlyList<string> smallest = SmallestAllowList.Of(needed);
        // A profile may be named after a client that never connected, so its rules are shown.
        foreach (string name in smallest.Where(line => line.StartsWith('@')))
            terminal.Line($"  [dim]{name}: {Terminal.Plain(Meaning(name))}[/]");
        // Written directly, because the console would wrap the lines at its width.
        terminal.Out.WriteLine(Snippet(smallest));
    }

    private static string Meaning(string profile) =>
        !Profiles.TryGet(profile, out IReadOnlyList<Rule>? rules) || rules.Count == 0
            ? "OPTIONS on every path of the other rules"
        : rules.Count > RulesShownMax ? $"all of its {rules.Count} rules were used"
        : string.Join("; ", rules);

    private static bool Covers(RuleSet rules, Rule needed) =>
        rules.Items.Any(rule => rule.Shape == needed.Shape && rule.Methods.Contains(needed.Methods[0]))
        || (
            needed.Segments.All(segment => segment.Kind == SegmentKind.Literal)
            && rules.Match(Encoding.ASCII.GetBytes(needed.Methods[0]), Encoding.ASCII.GetBytes(needed.Path)).Allowed
        );

    private static string Count(long number) => TextFormat.Count(number);
}
