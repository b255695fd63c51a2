using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>Which columns of the access log a terminal has room for. Pure.</summary>
internal sealed class LogLayout
{
    /// <summary>From here on there is room for the bytes and the first byte.</summary>
    public const int MediumWidth = 100;

    /// <summary>From here on the verdict and the end have columns of their own.</summary>
    public const int WideWidth = 132;

    private const string FaultMark = "fault-";
    private const int RequestWidthMin = 12;
    private const int StatusWidth = 3;
    private const int VerdictWidth = 14;

    private const int VerdictWidthWide = 18;

    // The longest word that is usual, "upstream-response".
    private const int EndWidth = 17;

    private readonly LogColumn[] _columns;

    /// <param name="width">Of the terminal.</param>
    /// <param name="peerWidth">Of the longest peer that is shown.</param>
    /// <param name="peer">How a peer is called.</param>
    public LogLayout(int width, int peerWidth, Func<string, string> peer)
    {
        LogColumn[] front =
        [
            new(
                "TIME",
                8,
                false,
                line => line.Time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                _ => "dim"
            ),
            new("PEER", peerWidth, false, line => peer(line.Peer), _ => ""),
        ];
        LogColumn[] times =
        [
            .. width >= MediumWidth
                ? (LogColumn[])
                    [
                        Right("BYTES", line => Amount.Bytes(line.BytesSent)),
                        Right("FIRST", line => Amount.Milliseconds(line.FirstByteMilliseconds)),
                    ]
                : [],
            Right("TOTAL", line => Amount.Milliseconds(line.DurationMilliseconds)),
            Right("GATE", line => Amount.Milliseconds(line.GateMilliseconds)),
        ];
        LogColumn[] ends =
            width >= WideWidth
                ?
                [
                    new("VERDICT", VerdictWidthWide, false, Verdict, VerdictColour),
                    new("ENDED", EndWidth, false, line => TerminalText.Text(line.Close ?? ""), EndColour),
                ]
                :
                [
                    new(
                        "OUTCOME",
                        VerdictWidth,
                        false,
                        Outcome,
                        line => line.IsRefused ? VerdictColour(line) : EndColour(line)
                    ),
                ];
        LogColumn status = new(
            "ST",
            StatusWidth,
            true,
            line => line.Status == 0 ? "-" : line.Status.ToString(CultureInfo.InvariantCulture),
            StatusColour
        );
        // One column stays free: some terminals break a line that fills the last one.
        int taken = front.Concat(times).Concat(ends).Append(status).Sum(column => column.Width + 1) + 1;
        LogColumn request = new(
            "REQUEST",
            Math.Max(RequestWidthMin, width - taken),
            false,
            Request,
            line => line.IsRefused ? VerdictColour(line) : ""
        );
        _columns = [.. front, request, status, .. times, .. ends];
    }

    /// <summary>As markup.</summary>
    public string Heading => string.Join(' ', _columns.Select(column => column.HeadingCell)).TrimEnd();

    /// <summary>An entry as markup.</summary>
    public string Row(LogLine line) => string.Join(' ', _columns.Select(column => column.Cell(line)));

    private static LogColumn Right(string heading, Func<LogLine, string> text) =>
        new(heading, Amount.WidthMax, true, text, _ => "");

    private static string Request(LogLine line)
    {
        string request = $"{TerminalText.Text(line.Method)} {TerminalText.Text(line.Path)}";
        return request.Length > 1 ? request : "-";
    }

    /// <summary>The more telling of verdict and end, where there is room for one: of what was allowed, how it
    /// ended.</summary>
    private static string Outcome(LogLine line) =>
        line.Verdict == LogLine.Allowed && line.Close is { } close ? TerminalText.Text(close) : Verdict(line);

    // Which fault it is needs the room more than that it is one, which its colour tells.
    private static string Verdict(LogLine line) =>
        TerminalText.Text(
            line.Verdict.StartsWith(FaultMark, StringComparison.Ordinal)
                ? line.Verdict[FaultMark.Length..]
                : line.Verdict
        );

    private static string VerdictColour(LogLine line) =>
        line.Verdict switch
        {
            LogLine.Allowed => "",
            ['r', 'e', 'f', 'u', 's', 'e', 'd', '-', ..] => "red",
            _ => "yellow",
        };

    // A client that closes is the ordinary end, and one that gives up is its own affair.
    private static string EndColour(LogLine line) =>
        line.Close is null or ['c', 'l', 'i', 'e', 'n', 't', '-', ..] ? VerdictColour(line) : "yellow";

    private static string StatusColour(LogLine line) =>
        line.Status switch
        {
            >= 500 => "yellow",
            >= 400 => "red",
            _ => "",
        };
}

/// <summary>One column of the access log on a terminal.</summary>
/// <param name="Heading">What stands above it.</param>
/// <param name="Width">In characters.</param>
/// <param name="IsRight">Figures stand to the right.</param>
/// <param name="Text">What a line has there, fit to be shown.</param>
/// <param name="Colour">Of what the text means; empty for none.</param>
internal sealed record LogColumn(
    string Heading,
    int Width,
    bool IsRight,
    Func<LogLine, string> Text,
    Func<LogLine, string> Colour
)
{
    public string HeadingCell => $"[dim]{Fit(Heading)}[/]";

    /// <summary>The line's cell as markup.</summary>
    public string Cell(LogLine line)
    {
        string cell = Terminal.Plain(Fit(TerminalText.Cut(Text(line), Width)));
        return Colour(line) is { Length: > 0 } colour ? $"[{colour}]{cell}[/]" : cell;
    }

    private string Fit(string text) => IsRight ? text.PadLeft(Width) : text.PadRight(Width);
}
