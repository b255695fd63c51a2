using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>Shows lines of the access log.</summary>
internal interface ILogView : IDisposable
{
    /// <summary>Takes the first lines before they are shown, to choose column widths.</summary>
    void Prepare(IReadOnlyList<LogLine> lines);

    /// <returns>False when the reader has closed the pipe.</returns>
    bool Show(LogLine line);

    /// <summary>Call when no more lines are available for the moment.</summary>
    /// <returns>False when the reader has closed the pipe.</returns>
    bool Flush();
}

/// <summary>Writes each entry as one uncut line whose columns contain no spaces, with units in the heading: for files,
/// grep and awk.</summary>
internal sealed class LogPlainView(LineOutput output, PeerNames names) : ILogView
{
    private bool _hasHeading;

    public void Prepare(IReadOnlyList<LogLine> lines) { }

    public bool Show(LogLine line)
    {
        if (
            !_hasHeading
            && !output.TryWrite(
                Row(
                    "TIME",
                    "PEER",
                    "VERDICT",
                    "STATUS",
                    "UP_B",
                    "DOWN_B",
                    "FIRST_MS",
                    "TOTAL_MS",
                    "GATE_MS",
                    "ENDED",
                    "METHOD",
                    "PATH"
                )
            )
        )
            return false;
        _hasHeading = true;
        if (line.Dropped > 0)
            return output.TryWrite($"# {Time(line)} {TextFormat.Count(line.Dropped, "line")} missing here");
        return output.TryWrite(
            Row(
                Time(line),
                names.Known(line.Peer) ?? Word(line.Peer),
                Word(line.Verdict),
                line.Status.ToString(CultureInfo.InvariantCulture),
                line.BytesReceived.ToString(CultureInfo.InvariantCulture),
                line.BytesSent.ToString(CultureInfo.InvariantCulture),
                Number(line.FirstByteMilliseconds),
                Number(line.DurationMilliseconds),
                Number(line.GateMilliseconds),
                Word(line.Close),
                Word(line.Method),
                Word(line.Path)
            )
        );
    }

    public bool Flush() => output.TryFlush();

    public void Dispose() => output.Dispose();

    private static string Row(params string[] cells) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{cells[0], -24} {cells[1], -15} {cells[2], -14} {cells[3], 6} {cells[4], 8} {cells[5], 8} "
                + $"{cells[6], 10} {cells[7], 10} {cells[8], 8} {cells[9], -15} {cells[10], -6} {cells[11]}"
        );

    private static string Time(LogLine line) =>
        line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Number(double? milliseconds) =>
        milliseconds?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    // An empty cell would shift the columns after it.
    private static string Word(string? text) => string.IsNullOrEmpty(text) ? "-" : TerminalText.Text(text);
}

/// <summary>Shows the access log on a terminal: columns that fit its width, a heading for each day, color where
/// something is unusual.</summary>
internal sealed class LogScreenView(Terminal terminal, PeerNames names) : ILogView
{
    // Of an IPv6 address.
    private const int PeerWidthMax = 39;

    private int _peerWidth = PeerWidthMax;
    private LogLayout? _layout;
    private int _layoutWidth;
    private DateTime _day;

    public void Prepare(IReadOnlyList<LogLine> lines)
    {
        if (lines.Count > 0)
            _peerWidth = Math.Clamp(lines.Max(line => NameOf(line.Peer).Length), "PEER".Length, PeerWidthMax);
    }

    public bool Show(LogLine line)
    {
        // The window may have been resized.
        bool isNew = _layout is null || _layoutWidth != terminal.Width;
        if (isNew)
            _layout = new LogLayout(_layoutWidth = terminal.Width, _peerWidth, NameOf);
        DateTime day = line.Time.ToLocalTime().Date;
        if (day != _day)
            terminal.Line($"[bold]{day.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture)}[/]");
        if (day != _day || isNew)
            terminal.Line(_layout!.Heading);
        _day = day;
        terminal.Line(
            line.Dropped > 0
                ? Palette.Caution($"{TextFormat.Count(line.Dropped, "line")} missing here")
                : _layout!.Row(line)
        );
        return true;
    }

    public bool Flush() => true;

    public void Dispose() { }

    private string NameOf(string peer) => names.Known(peer) ?? TerminalText.Text(peer);
}
