using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>The access log on a terminal: columns that fit its width, a heading for each day, colour where something
/// was not as usual.</summary>
internal sealed class LogScreenView(Terminal terminal, PeerNames names) : ILogView
{
    // An IPv4 address has up to 15 characters; of an IPv6 address both ends are shown.
    private const int PeerWidthMax = 15;

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
        // Whoever makes the window wider wants to see more.
        bool isNew = _layout is null || _layoutWidth != terminal.Width;
        if (isNew)
            _layout = new LogLayout(_layoutWidth = terminal.Width, _peerWidth, NameOf);
        DateTime on = line.Time.ToLocalTime().Date;
        if (on != _day)
            terminal.Line($"[bold]{on.ToString("dddd, d MMMM yyyy", CultureInfo.InvariantCulture)}[/]");
        if (on != _day || isNew)
            terminal.Line(_layout!.Heading);
        _day = on;
        terminal.Line(line.Dropped > 0 ? $"[yellow]{line.Dropped} lines are missing here[/]" : _layout!.Row(line));
        return true;
    }

    public bool Flush() => true;

    public void Dispose() { }

    private string NameOf(string peer) => names.Known(peer) ?? TerminalText.Text(peer);
}
