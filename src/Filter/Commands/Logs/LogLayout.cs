using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>Chooses the columns of the access log that fit a terminal. Pure.</summary>
internal sealed class LogLayout
{
    /// <summary>The minimum width for columns with the outcome and the time in the gate. Below it, the color of the
    /// request and its status show what became of it.</summary>
    public const int SmallWidth = 76;

    /// <summary>The minimum width for columns with the bytes and the time to the first byte.</summary>
    public const int MediumWidth = 100;

    /// <summary>The minimum width for separate columns with the verdict and the close reason.</summary>
    public const int WideWidth = 132;

    private const string FaultMark = "fault-";
    private const int RequestWidthMin = 12;

    // Enough for most paths; what is left over goes to long peers first.
    private const int RequestWidthGood = 40;

    // An IPv4 address has up to 15 characters.
    private const int PeerWidth = 15;
    private const int StatusWidth = 3;
    private const int VerdictWidth = 14;

    private const int VerdictWidthWide = 18;

    // The longest common close reason is "upstream-response".
    private const int EndWidth = 17;

    private readonly LogColumn[] _columns;

    /// <param name="width">Width of the terminal.</param>
    /// <param name="peerWidth">Width of the longest peer. An IPv6 address is shown whole where there is room.</param>
    /// <param name="peer">Returns the name of a peer.</param>
    public LogLayout(int width, int peerWidth, Func<string, string> peer)
    {
        LogColumn time = new(
            "TIME",
            8,
            false,
            line => line.Time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            _ => "dim"
        );
        LogColumn[] times =
        [
            .. width >= MediumWidth
                ? (LogColumn[])
                    [
                        Right("BYTES", line => TextFormat.Bytes(line.BytesSent)),
                        Right("FIRST", line => TextFormat.Time(line.FirstByteMilliseconds / 1000)),
                    ]
                : [],
            Right("TOTAL", line => TextFormat.Time(line.DurationMilliseconds / 1000)),
            .. width >= SmallWidth
                ? (LogColumn[])[Right("GATE", line => TextFormat.Time(line.GateMilliseconds / 1000))]
                : [],
        ];
        LogColumn[] ends =
            width < SmallWidth ? []
            : width >= WideWidth
                ?
                [
                    new("VERDICT", VerdictWidthWide, false, Verdict, line => Palette.OfVerdict(line.Verdict)),
                    new("ENDED", EndWidth, false, line => TerminalText.Text(line.Close ?? ""), EndColor),
                ]
            :
            [
                new(
                    "OUTCOME",
                    VerdictWidth,
                    false,
                    Outcome,
                    line => line.IsRefused ? Palette.OfVerdict(line.Verdict) : EndColor(line)
                ),
            ];
        LogColumn status = new(
            "ST",
            StatusWidth,
            true,
            line => line.Status == 0 ? "-" : line.Status.ToString(CultureInfo.InvariantCulture),
            StatusColor
        );
        // One column stays free, because some terminals wrap a line that fills the last one.
        int others = times.Concat(ends).Append(time).Append(status).Sum(column => column.Width + 1) + 1;
        int room = Math.Max(PeerWidth, width - others - 1 - RequestWidthGood);
        LogColumn from = new("PEER", Math.Min(peerWidth, room), false, line => peer(line.Peer), _ => "");
        int taken = others + from.Width + 1;
        LogColumn request = new(
            "REQUEST",
            Math.Max(RequestWidthMin, width - taken),
            false,
            Request,
            line => line.IsRefused ? Palette.OfVerdict(line.Verdict) : ""
        );
        _columns = [time, from, request, status, .. times, .. ends];
    }

    /// <summary>The heading, as markup.</summary>
    public string Heading => string.Join(' ', _columns.Select(column => column.HeadingCell)).TrimEnd();

    /// <summary>Returns an entry as markup.</summary>
    public string Row(LogLine line) => string.Join(' ', _columns.Select(column => column.Cell(line)));

    private static LogColumn Right(string heading, Func<LogLine, string> text) =>
        new(heading, TextFormat.WidthMax, true, text, _ => "");

    private static string Request(LogLine line)
    {
        string request = $"{TerminalText.Text(line.Method)} {TerminalText.Text(line.Path)}";
        return request.Length > 1 ? request : "-";
    }

    /// <summary>Returns the more useful of verdict and close reason where only one fits: for an allowed request, the
    /// close reason.</summary>
    private static string Outcome(LogLine line) =>
        line.Verdict == LogLine.Allowed && line.Close is { } close ? TerminalText.Text(close) : Verdict(line);

    // Without the prefix: the name of the fault needs the room, and the color already marks it as a fault.
    private static string Verdict(LogLine line) =>
        TerminalText.Text(
            line.Verdict.StartsWith(FaultMark, StringComparison.Ordinal)
                ? line.Verdict[FaultMark.Length..]
                : line.Verdict
        );

    // A connection that the client closes is the normal end, whatever its reason.
    private static string EndColor(LogLine line) =>
        line.Close is null or ['c', 'l', 'i', 'e', 'n', 't', '-', ..]
            ? Palette.OfVerdict(line.Verdict)
            : Palette.CautionColor;

    private static string StatusColor(LogLine line) =>
        line.Status switch
        {
            >= 500 => Palette.CautionColor,
            >= 400 => Palette.BadColor,
            _ => "",
        };
}

/// <summary>One column of the access log on a terminal.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Width">In characters.</param>
/// <param name="IsRight">Right-aligned, for figures.</param>
/// <param name="Text">Returns the cell's text, safe for a terminal.</param>
/// <param name="Color">Returns the cell's color; empty for none.</param>
internal sealed record LogColumn(
    string Heading,
    int Width,
    bool IsRight,
    Func<LogLine, string> Text,
    Func<LogLine, string> Color
)
{
    public string HeadingCell => $"[dim]{Fit(Heading)}[/]";

    /// <summary>Returns the line's cell as markup.</summary>
    public string Cell(LogLine line)
    {
        string cell = Terminal.Plain(Fit(TerminalText.Cut(Text(line), Width)));
        return Color(line) is { Length: > 0 } color ? $"[{color}]{cell}[/]" : cell;
    }

    private string Fit(string text) => IsRight ? text.PadLeft(Width) : text.PadRight(Width);
}
