using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>Renders a frame as lines of markup; no line of figures is wider than 80 columns.</summary>
internal static class StatusPage
{
    private const int RulesMax = 8;
    private const int RequestsMax = 8;
    private const int VersionMax = 24;

    public static IReadOnlyList<string> Lines(StatusFrame frame)
    {
        if (frame.Response.Snapshot is not { } gate)
            return [$"[yellow]{Plain(StatusText.Problem(frame))}[/]"];
        List<string> lines =
        [
            .. Program(frame, gate),
            "",
            .. Listeners(gate),
            .. Bypasses(gate),
            "",
            .. Requests(frame, gate),
            .. InFlight(gate.InFlight),
            "",
            .. Times(gate),
        ];
        string[] rules = [.. Rules(gate)];
        if (rules.Length > 0)
            lines.AddRange(["", .. rules]);
        if (NonZero(gate.ConnectionsClosed) is { Length: > 0 } closes)
            lines.AddRange(["", "[bold]Connections ended[/]", .. Wrapped(closes)]);
        return lines;
    }

    private static IEnumerable<string> Program(StatusFrame frame, GateSnapshot gate)
    {
        yield return $"[bold]FastGate {Plain(gate.Version)}[/]  "
            + $"up {TextFormat.Duration(TimeSpan.FromSeconds(gate.UptimeSeconds))}, process {gate.ProcessId}, "
            + $"{gate.Backend}, {TextFormat.Count(gate.Loops, "loop")}";
        ServiceState service = frame.Service;
        yield return Fact(
            "service",
            service.IsRunning ? Plain(service.Description) : $"[yellow]{Plain(service.Description)}[/]"
        );
        yield return Fact(
            "upstream",
            $"{Plain(gate.Upstream)} {Ollama(frame)}, {TextFormat.Count(gate.ReadyConnections, "connection")} ready"
        );
        string reloads = gate.Reloads + gate.ReloadsFailed == 0 ? "" : $"  {TextFormat.Count(gate.Reloads, "reload")}";
        string failed = gate.ReloadsFailed == 0 ? "" : $", [yellow]{gate.ReloadsFailed} failed[/]";
        if (gate.Config is { } config)
            yield return Fact("config", $"{Plain(config)}{reloads}{failed}");
        string dropped = gate.LogLinesDropped is > 0 and { } lost
            ? $"  [yellow]{TextFormat.Count(lost, "line")} lost[/]"
            : "";
        yield return Fact("access log", $"{Plain(gate.AccessLog ?? "off")}{dropped}");
    }

    private static string Ollama(StatusFrame frame)
    {
        if (frame.Ollama is not { } response)
            return "[red]does not respond[/]";
        if (response.IsTooLong)
            return "[red]sends an endless response[/]";
        if (response.Server.StartsWith("llama.cpp", StringComparison.Ordinal))
            return "[green]responds[/] (llama.cpp's server)";
        if (response.Status == 404)
            return "[green]responds[/] (not Ollama)";
        return response.Status == 200
            ? $"[green]responds[/]{VersionOf(response)}"
            : $"[yellow]responds with {response.Status}[/]";
    }

    private static string VersionOf(ProbeResponse response) =>
        response.Json.At("version").Text() is { } version ? $" (Ollama {Plain(Cut(version, VersionMax))})" : "";

    private static IEnumerable<string> Listeners(GateSnapshot gate)
    {
        yield return $"[dim]{"LISTENER", -22}{"OPEN", 6}{"TOTAL", 10}{"REJECTED", 13}"
            + $"{"REQUESTS", 10}{"UP", 9}{"DOWN", 9}[/]";
        foreach (ListenerSnapshot listener in gate.Listeners)
        {
            long away = Sum(listener.ConnectionsRejected);
            string turned = $"{TextFormat.Count(away), 13}";
            // Padded before it is escaped: an IPv6 address has brackets.
            yield return Terminal.Plain($"{TerminalText.Prose(Cut(listener.Name, 22)), -22}")
                + $"{TextFormat.Count(listener.ConnectionsOpen), 6}{TextFormat.Count(listener.Connections), 10}"
                + $"{(away == 0 ? turned : $"[yellow]{turned}[/]")}{TextFormat.Count(Sum(listener.Verdicts)), 10}"
                + $"{TextFormat.Bytes(listener.BytesReceived), 9}{TextFormat.Bytes(listener.BytesSent), 9}";
            if (listener.Bound.Count > 0)
                yield return "  [dim]bound to[/] "
                    + $"{Plain(string.Join(", ", listener.Bound))}[dim],[/] {TextFormat.Count(listener.Rules, "rule")}";
            else if (listener.Unbound.Count == 0)
                yield return "  [yellow]not bound: this machine does not have the address now[/]";
            foreach (string missing in listener.Unbound)
                yield return $"  [red]not bound to[/] {Plain(missing)}";
        }
    }

    private static IEnumerable<string> Bypasses(GateSnapshot gate)
    {
        foreach (BypassSnapshot bypass in gate.Bypasses)
        {
            string what = bypass.TakenPort is { } port
                ? $"intercepts port {port} and forwards it to"
                : "bypasses the gate and forwards to";
            yield return $"[red]BYPASSED[/]  {Plain($"{bypass.Command} {what} {bypass.Target}")}";
            yield return $"          [dim]turn it off:[/] {Plain(bypass.DisableCommand)}";
        }
    }

    private static IEnumerable<string> Requests(StatusFrame frame, GateSnapshot gate)
    {
        NamedCount[] verdicts = Combined(gate, listener => listener.Verdicts);
        long all = Sum(verdicts);
        string rate = frame.PerSecond is { } perSecond
            ? string.Create(CultureInfo.InvariantCulture, $", {perSecond:0.0} per second")
            : "";
        yield return $"[bold]Requests[/]  {TextFormat.Count(all)} completed, "
            + $"{TextFormat.Count(gate.InFlight.Count)} in flight{rate}";
        foreach (NamedCount verdict in NonZero(verdicts).OrderByDescending(verdict => verdict.Count))
            yield return $"  {Colored(verdict.Name)}{TextFormat.Count(verdict.Count), 12}"
                + $"{TextFormat.Share(verdict.Count, all), 10}";
        if (NonZero(Combined(gate, listener => listener.Statuses)) is { Length: > 0 } statuses)
            yield return Fact(
                "status",
                string.Join("   ", statuses.Select(status => $"{status.Name} {TextFormat.Count(status.Count)}"))
            );
    }

    private static IEnumerable<string> InFlight(InFlightSnapshot requests)
    {
        if (requests.Count == 0)
            yield break;
        yield return "";
        yield return $"[bold]{"In flight", -11}[/][dim]{"AGE", 8}  {"PHASE", -10}{"RECEIVED", 8}{"SENT", 9}  "
            + "PEER, RULE[/]";
        foreach (RequestSnapshot request in requests.Requests.Take(RequestsMax))
            yield return $"  {TextFormat.Time(request.AgeSeconds), 17}  {request.Phase, -10}"
                + $"{TextFormat.Bytes(request.ReceivedBytes), 8}{TextFormat.Bytes(request.SentBytes), 9}  "
                + Plain($"{request.Peer}  {request.Rule ?? request.Method ?? TextFormat.None}");
        if (requests.Count > RequestsMax)
            yield return $"  {"", 17}  [dim]and {TextFormat.Count(requests.Count - RequestsMax, "more request")}[/]";
    }

    private static IEnumerable<string> Times(GateSnapshot gate)
    {
        yield return $"[bold]{"Times", -20}[/][dim]{"P50", 12}{"P90", 12}{"P99", 12}{"MAX", 13}[/]";
        yield return Time("in the gate", gate.GateTime);
        yield return Time("to the first byte", gate.FirstByteTime);
    }

    private static string Time(string name, HistogramSnapshot times)
    {
        return $"  {name, -18}{Cell(times.P50Seconds), 12}{Cell(times.P90Seconds), 12}"
            + $"{Cell(times.P99Seconds), 12}{Cell(times.MaxSeconds), 13}";

        string Cell(double seconds) => times.Count == 0 ? TextFormat.None : TextFormat.Time(seconds);
    }

    private static IEnumerable<string> Rules(GateSnapshot gate)
    {
        (RuleCount Rule, string Listener)[] used =
        [
            .. gate
                .Listeners.SelectMany(listener => listener.RuleCounts.Select(rule => (Rule: rule, listener.Name)))
                .Where(used => used.Rule.Count > 0)
                .OrderByDescending(used => used.Rule.Count),
        ];
        if (used.Length == 0)
            yield break;
        Dictionary<string, RuleTimes> times = gate.FirstByte.ToDictionary(rule => rule.Rule);
        yield return $"[bold]Rules used[/][dim]{"FIRST BYTE P50", 17}{"P99", 9}[/]";
        foreach ((RuleCount rule, string listener) in used.Take(RulesMax))
        {
            string where = gate.Listeners.Count > 1 ? $"  [dim]{Plain(listener)}[/]" : "";
            string state = rule.InForce ? "" : "  [dim](no longer in force)[/]";
            RuleTimes? time = times.GetValueOrDefault(rule.Rule);
            yield return $"  {TextFormat.Count(rule.Count), 10}{TextFormat.Time(time?.P50Seconds), 15}"
                + $"{TextFormat.Time(time?.P99Seconds), 9}  {Plain(rule.Rule)}{state}{where}";
        }
        if (used.Length > RulesMax)
            yield return $"  {"", 34}  [dim]and {TextFormat.Count(used.Length - RulesMax, "more rule")}[/]";
    }

    private static IEnumerable<string> Wrapped(IReadOnlyList<NamedCount> counts) =>
        counts
            .OrderByDescending(count => count.Count)
            .Chunk(3)
            .Select(row =>
                "  "
                + string.Concat(row.Select(count => $"{count.Name, -17}{TextFormat.Count(count.Count), 6}   "))
                    .TrimEnd()
            );

    // Text from a socket or from Ollama must not contain terminal escapes.
    private static string Plain(string value) => Terminal.Plain(TerminalText.Prose(value));

    private static string Fact(string name, string markup) => $"  [dim]{name, -11}[/] {markup}";

    // The padding goes inside the markup: an alignment outside would count the markup's characters.
    private static string Colored(string verdict) =>
        verdict switch
        {
            "allowed" => $"[green]{verdict, -18}[/]",
            "unavailable" or "overloaded" => $"[red]{verdict, -18}[/]",
            _ => $"[yellow]{verdict, -18}[/]",
        };

    private static NamedCount[] Combined(GateSnapshot gate, Func<ListenerSnapshot, IReadOnlyList<NamedCount>> counts) =>
        [
            .. gate
                .Listeners.SelectMany(counts)
                .GroupBy(count => count.Name)
                .Select(same => new NamedCount(same.Key, Sum(same))),
        ];

    private static NamedCount[] NonZero(IEnumerable<NamedCount> counts) => [.. counts.Where(count => count.Count > 0)];

    private static long Sum(IEnumerable<NamedCount> counts) => counts.Sum(count => count.Count);

    private static string Cut(string text, int lengthMax) =>
        text.Length < lengthMax ? text : string.Concat(text.AsSpan(0, lengthMax - 2), "…");
}
