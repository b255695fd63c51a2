using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>One line an entry in columns without blanks in them, whole, with units in the heading: for a file, grep and
/// awk.</summary>
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
            return output.TryWrite($"# {Time(line)} {line.Dropped} lines are missing here");
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
            $"{cells[0], -24} {cells[1], -15} {cells[2], -14} {cells[3], 6} {cells[4], 8} {cells[5], 8} {cells[6], 10} {cells[7], 10} {cells[8], 8} {cells[9], -15} {cells[10], -6} {cells[11]}"
        );

    private static string Time(LogLine line) =>
        line.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Number(double? milliseconds) =>
        milliseconds?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";

    // An empty cell would move the ones behind it.
    private static string Word(string? text) => string.IsNullOrEmpty(text) ? "-" : TerminalText.Text(text);
}
