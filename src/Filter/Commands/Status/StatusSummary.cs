using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>The sections about the gate itself: its files, listeners and connections.</summary>
internal static class StatusSummary
{
    // Without the columns of bytes, a listener's name has more room on a narrow terminal.
    private const int BytesWidthMin = 78;
    private const int NameWidthMin = 8;
    private const int VersionMax = 24;

    public static IEnumerable<string> Program(GateSnapshot gate, int width) =>
        TextLines.Flow(
            new Piece(""),
            [
                new($"FastGate {gate.Version}", "bold"),
                new($" up {TextFormat.Duration(TimeSpan.FromSeconds(gate.UptimeSeconds))},"),
                new($"process {gate.ProcessId},"),
                new($"{gate.Backend},"),
                new(TextFormat.Count(gate.Loops, "loop")),
            ],
            width
        );

    public static IEnumerable<string> Facts(StatusFrame frame, GateSnapshot gate, int width)
    {
        ServiceState service = frame.Service;
        string warning = service.IsRunning ? "" : Palette.CautionColor;
        Piece[] ollama = [.. Ollama(frame)];
        ollama[^1] = ollama[^1] with { Text = $"{ollama[^1].Text}," };
        Piece[] reloads =
            gate.Reloads + gate.ReloadsFailed == 0 ? []
            : gate.ReloadsFailed == 0 ? [new($"({TextFormat.Count(gate.Reloads, "reload")})")]
            :
            [
                new($"({TextFormat.Count(gate.Reloads, "reload")},"),
                new($"{gate.ReloadsFailed} failed)", Palette.CautionColor),
            ];
        string lost = gate.LogLinesDropped is > 0 and { } lines ? $"({TextFormat.Count(lines, "line")} lost)" : "";
        return
        [
            .. Fact("service", [.. service.Description.Split(' ').Select(word => new Piece(word, warning))]),
            .. Fact(
                "upstream",
                [
                    new(gate.Upstream),
                    .. ollama,
                    new(TextFormat.Count(gate.ReadyConnections, "connection")),
                    new("ready"),
                ]
            ),
            .. gate.Config is { } config ? Fact("config", [new(frame.Short(config)), .. reloads]) : [],
            .. Fact(
                "access log",
                [new(gate.AccessLog is { } log ? frame.Short(log) : "off"), new(lost, Palette.CautionColor)]
            ),
            .. gate.StatusPage is { } page ? Fact("page", [new(page)]) : [],
        ];

        IEnumerable<string> Fact(string name, Piece[] pieces) =>
            TextLines.Flow(new Piece($"  {name, -11} ", "dim"), pieces, width);
    }

    public static IEnumerable<string> Bypasses(GateSnapshot gate, int width)
    {
        foreach (BypassSnapshot bypass in gate.Bypasses)
        {
            string what = bypass.TakenPort is { } port
                ? $"intercepts port {port} and forwards it to"
                : "bypasses the gate and forwards to";
            foreach (
                string line in (string[])
                    [
                        .. TextLines.Flow(
                            new("BYPASSED  ", Palette.BadColor),
                            Words($"{bypass.Command} {what} {bypass.Target}"),
                            width
                        ),
                        .. TextLines.Flow(new("          "), Words($"turn it off: {bypass.DisableCommand}"), width),
                    ]
            )
                yield return line;
        }
    }

    public static IEnumerable<string> Listeners(GateSnapshot gate, int width)
    {
        bool hasBytes = width >= BytesWidthMin;
        string bytes = hasBytes ? $"{"UP", 8}{"DOWN", 8}" : "";
        int numbers = 36 + bytes.Length;
        int longest = gate.Listeners.Select(listener => new Piece(listener.Name).Shown.Length).DefaultIfEmpty().Max();
        int name = Math.Clamp(longest, NameWidthMin, Math.Max(NameWidthMin, width - numbers));
        yield return new Piece(
            $"{"LISTENER".PadRight(name)}{"OPEN", 6}{"TOTAL", 10}{"REJECTED", 10}{"REQUESTS", 10}{bytes}",
            "dim"
        ).Markup;
        foreach (ListenerSnapshot listener in gate.Listeners)
        {
            long away = Counts.Sum(listener.ConnectionsRejected);
            yield return new Piece(listener.Name).Padded(name).Markup
                + $"{TextFormat.Count(listener.ConnectionsOpen), 6}{TextFormat.Count(listener.Connections), 10}"
                + new Piece($"{TextFormat.Count(away), 10}", away == 0 ? "" : Palette.CautionColor).Markup
                + $"{TextFormat.Count(Counts.Sum(listener.Verdicts)), 10}"
                + (
                    hasBytes
                        ? $"{TextFormat.Bytes(listener.BytesReceived), 8}{TextFormat.Bytes(listener.BytesSent), 8}"
                        : ""
                );
            foreach (string line in Bound(listener, width))
                yield return line;
        }
    }

    public static IEnumerable<string> Ended(GateSnapshot gate, int width)
    {
        NamedCount[] closes = Counts.NonZero(gate.ConnectionsClosed);
        if (closes.Length == 0)
            yield break;
        yield return "[bold]Connections ended[/]";
        string[] cells =
        [
            .. closes
                .OrderByDescending(count => count.Count)
                .Select(count => $"  {new Piece(count.Name).Shown, -22}{TextFormat.Count(count.Count), 8}"),
        ];
        foreach (string[] row in cells.Chunk(Math.Clamp(width / cells[0].Length, 1, 3)))
            yield return Terminal.Plain(string.Concat(row));
    }

    private static IEnumerable<string> Bound(ListenerSnapshot listener, int width) =>
        [
            .. listener.Bound.Count > 0
                ? TextLines.Flow(
                    new("  bound to ", "dim"),
                    [
                        .. listener.Bound.Select(address => new Piece($"{address},")),
                        new(TextFormat.Count(listener.Rules, "rule")),
                    ],
                    width
                )
            : listener.Unbound.Count == 0
                ? TextLines.Flow(
                    new("  "),
                    Words("not bound: this machine does not have the address now", Palette.CautionColor),
                    width
                )
            : [],
            .. listener.Unbound.SelectMany(missing =>
                TextLines.Flow(new("  not bound to ", Palette.BadColor), Words(missing), width)
            ),
        ];

    private static IEnumerable<Piece> Words(string sentence, string style = "") =>
        sentence.Split(' ').Select(word => new Piece(word, style));

    private static IEnumerable<Piece> Ollama(StatusFrame frame)
    {
        if (frame.Ollama is not { } response)
            return [new("does not respond", Palette.BadColor)];
        if (response.IsTooLong)
            return [new("sends an endless response", Palette.BadColor)];
        if (response.Server.StartsWith("llama.cpp", StringComparison.Ordinal))
            return [new("responds", Palette.GoodColor), new("(llama.cpp's server)")];
        if (response.Status == 404)
            return [new("responds", Palette.GoodColor), new("(not Ollama)")];
        return response.Status != 200 ? [new($"responds with {response.Status}", Palette.CautionColor)]
            : response.Json.At("version").Text() is { } version
                ? [new("responds", Palette.GoodColor), new($"(Ollama {new Piece(version).End(VersionMax).Text})")]
            : [new("responds", Palette.GoodColor)];
    }
}

/// <summary>Adds up counts by name.</summary>
internal static class Counts
{
    public static long Sum(IEnumerable<NamedCount> counts) => counts.Sum(count => count.Count);

    public static NamedCount[] NonZero(IEnumerable<NamedCount> counts) => [.. counts.Where(count => count.Count > 0)];

    /// <summary>Adds up the same counts of all listeners.</summary>
    public static NamedCount[] Combined(GateSnapshot gate, Func<ListenerSnapshot, IReadOnlyList<NamedCount>> counts) =>
        [
            .. gate
                .Listeners.SelectMany(counts)
                .GroupBy(count => count.Name)
                .Select(same => new NamedCount(same.Key, Sum(same))),
        ];
}
