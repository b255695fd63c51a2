using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>The sections about requests: how many, how fast, which now, and which were refused.</summary>
internal static class StatusTraffic
{
    private const int RulesMax = 8;
    private const int RequestsMax = 8;
    private const int RefusedMax = 5;
    private const int SparklineMax = 120;

    /// <summary>Totals, and two sparklines of the last hour, each with its last value and its peak.</summary>
    public static IEnumerable<string> Requests(StatusFrame frame, GateSnapshot gate, int width)
    {
        string rate = frame.PerSecond is { } perSecond
            ? string.Create(CultureInfo.InvariantCulture, $"{perSecond:0.0} per second")
            : "";
        string inFlight = $"{TextFormat.Count(gate.InFlight.Count)} in flight";
        Piece[] totals =
        [
            new($"{TextFormat.Count(Counts.Sum(Counts.Combined(gate, listener => listener.Verdicts)))} completed,"),
            new(rate.Length > 0 ? $"{inFlight}," : inFlight),
            new(rate),
        ];
        return TextLines.Flow(new("Requests  ", "bold"), totals, width).Concat(Hour(frame.History, width));
    }

    public static IEnumerable<string> Verdicts(GateSnapshot gate, int width)
    {
        NamedCount[] verdicts = Counts.Combined(gate, listener => listener.Verdicts);
        long all = Counts.Sum(verdicts);
        foreach (NamedCount verdict in Counts.NonZero(verdicts).OrderByDescending(verdict => verdict.Count))
            yield return $"  {new Piece(verdict.Name, Palette.OfVerdict(verdict.Name)).Padded(18).Markup}"
                + $"{TextFormat.Count(verdict.Count), 12}{TextFormat.Share(verdict.Count, all), 10}";
        NamedCount[] statuses = Counts.NonZero(Counts.Combined(gate, listener => listener.Statuses));
        if (statuses.Length == 0)
            yield break;
        IEnumerable<Piece> pieces = statuses.Select(status => new Piece(
            $"{status.Name} {TextFormat.Count(status.Count)}  "
        ));
        foreach (string line in TextLines.Flow(new($"  {"status", -11} ", "dim"), pieces, width))
            yield return line.TrimEnd();
    }

    private static IEnumerable<string> Hour(HistorySnapshot? history, int width)
    {
        if (history is null)
            yield break;
        double[] rates = [.. history.RequestsPerSecond.OfType<double>()];
        double[] times = [.. history.FirstByteP50Seconds.OfType<double>()];
        int room = Math.Clamp(width - 43, 1, SparklineMax);
        if (rates.Length > 0)
            yield return Line(
                "per second",
                Rate(rates[^1]),
                Sparkline.OfRates(history.RequestsPerSecond, room),
                Rate(rates.Max())
            );
        if (times.Length > 0)
            yield return Line(
                "first byte",
                TextFormat.Time(times[^1]),
                Sparkline.OfTimes(history.FirstByteP50Seconds, room),
                TextFormat.Time(times.Max())
            );

        static string Line(string name, string now, string values, string peak) =>
            $"  [dim]{name, -11}[/] {now, 7}  [{Palette.ChartColor}]{values}[/]  [dim]hour's peak[/] {peak}";

        static string Rate(double perSecond) =>
            perSecond.ToString(perSecond < 9.95 ? "0.0" : "#,0", CultureInfo.InvariantCulture);
    }

    public static IEnumerable<string> InFlight(InFlightSnapshot requests, int width)
    {
        if (requests.Count == 0)
            yield break;
        RequestSnapshot[] shown = [.. requests.Requests.Take(RequestsMax)];
        int peer = shown.Select(request => new Piece(request.Peer).Shown.Length).DefaultIfEmpty().Max();
        int rule = shown.Select(request => RuleOf(request).Length).DefaultIfEmpty().Max();
        bool hasTokens = shown.Any(request => request.Tokens is not null);
        int numbers = 33 + (hasTokens ? 8 : 0);
        // Where an address and a rule would not both fit, the bytes received go first.
        bool hasReceived = width >= numbers + 9 + peer + 2 + rule;
        numbers += hasReceived ? 9 : 0;
        int room = Math.Max(10, width - numbers);
        peer = Math.Min(Math.Max(peer, 6), Math.Max(6, room - 2 - Math.Min(rule, room / 3)));
        yield return $"[bold]{"In flight", -9}[/]"
            + new Piece(
                $"{"AGE", 4}  {"PHASE", -8}{(hasReceived ? $"{"RECEIVED", 9}" : "")}{"SENT", 8}"
                    + $"{(hasTokens ? $"{"TOKENS", 8}" : "")}  {"CLIENT".PadRight(peer)}  RULE",
                "dim"
            )
                .End(width - 9)
                .Markup;
        foreach (RequestSnapshot request in shown)
            yield return $"  {TextFormat.Duration(TimeSpan.FromSeconds(request.AgeSeconds)), 11}  "
                + new Piece(request.Phase).Padded(8).Markup
                + (hasReceived ? $"{TextFormat.Bytes(request.ReceivedBytes), 9}" : "")
                + $"{TextFormat.Bytes(request.SentBytes), 8}"
                + (hasTokens ? $"{(request.Tokens is { } tokens ? TextFormat.Count(tokens) : TextFormat.None), 8}" : "")
                + $"  {new Piece(request.Peer).Padded(peer).Markup}"
                + $"  {new Piece(RuleOf(request)).Cut(room - 2 - peer).Markup}";
        if (requests.Count > shown.Length)
            yield return $"{"", 15}[dim]and {TextFormat.Count(requests.Count - shown.Length, "more request")}[/]";
    }

    public static IEnumerable<string> Refused(GateSnapshot gate, int width)
    {
        if (gate.RefusedRoutes.Count == 0)
            yield break;
        RefusedRoute[] routes = [.. gate.RefusedRoutes.Take(RefusedMax)];
        int longest = routes.Max(route => new Piece(Request(route)).Shown.Length);
        int room = Math.Max(10, width - 14);
        int request = Math.Min(longest, room * 2 / 5);
        yield return "[bold]Refused most[/]" + new Piece($"{"", 2}{"ROUTE".PadRight(request)}  CURE", "dim").Markup;
        foreach (RefusedRoute route in routes)
            yield return $"{TextFormat.Count(route.Count), 12}  "
                + new Piece(Request(route), Palette.BadColor).Padded(request).Markup
                + $"  {CureOf(route, room - 2 - request).Markup}";
        if (gate.RefusedRoutes.Count > RefusedMax)
            yield return $"{"", 14}[dim]and {TextFormat.Count(gate.RefusedRoutes.Count - RefusedMax, "more route")}[/]";

        static string Request(RefusedRoute route) => $"{route.Method} {route.Path}";
    }

    public static IEnumerable<string> Times(GateSnapshot gate)
    {
        yield return $"[bold]{"Times", -19}[/][dim]{"P50", 10}{"P90", 10}{"P99", 10}{"MAX", 10}[/]";
        yield return Time("in the gate", gate.GateTime);
        yield return Time("to the first byte", gate.FirstByteTime);
    }

    public static IEnumerable<string> Rules(GateSnapshot gate, int width)
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
        yield return $"[bold]Rules used[/][dim]{"FIRST BYTE P50", 17}{"P99", 8}[/]";
        foreach ((RuleCount rule, string listener) in used.Take(RulesMax))
        {
            RuleTimes? time = times.GetValueOrDefault(rule.Rule);
            Piece numbers = new(
                $"{TextFormat.Count(rule.Count), 12}{TextFormat.Time(time?.P50Seconds), 15}"
                    + $"{TextFormat.Time(time?.P99Seconds), 8}  "
            );
            Piece[] pieces =
            [
                new(rule.Rule),
                new(rule.InForce ? "" : " (no longer in force)", "dim"),
                new(gate.Listeners.Count > 1 ? $" {listener}" : "", "dim"),
            ];
            foreach (string line in TextLines.Flow(numbers, pieces, width))
                yield return line;
        }
        if (used.Length > RulesMax)
            yield return $"{"", 37}[dim]and {TextFormat.Count(used.Length - RulesMax, "more rule")}[/]";
    }

    private static string Time(string name, HistogramSnapshot times)
    {
        return $"  {name, -17}{Cell(times.P50Seconds), 10}{Cell(times.P90Seconds), 10}"
            + $"{Cell(times.P99Seconds), 10}{Cell(times.MaxSeconds), 10}";

        string Cell(double seconds) => times.Count == 0 ? TextFormat.None : TextFormat.Time(seconds);
    }

    private static string RuleOf(RequestSnapshot request) =>
        new Piece(request.Rule ?? request.Method ?? TextFormat.None).Shown;

    // The rule says more than the purpose, which the heading states.
    private static Piece CureOf(RefusedRoute route, int width)
    {
        const string Purpose = "to allow it, ";
        Piece cure = new(route.Cure);
        bool isShortened = cure.Shown.Length > width && route.Cure.StartsWith(Purpose, StringComparison.Ordinal);
        return (isShortened ? new Piece(route.Cure[Purpose.Length..]) : cure).End(width);
    }
}
