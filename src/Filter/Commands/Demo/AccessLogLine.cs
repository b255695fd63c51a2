using System.Globalization;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Demo;

/// <summary>A line of the access log as the demo shows it.</summary>
internal static class AccessLogLine
{
    /// <param name="bytes">A line as it stands in the log.</param>
    public static string Say(byte[] bytes)
    {
        if (LogLineReader.Read(bytes) is not { } line)
            return "a line that cannot be read";
        if (line.Dropped > 0)
            return string.Create(CultureInfo.InvariantCulture, $"{line.Dropped} lines are missing here");
        string duration = $"{Milliseconds(line.DurationMilliseconds)}, gate {Milliseconds(line.GateMilliseconds)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{line.Time.ToLocalTime():HH:mm:ss}  {line.Status}  {TerminalText.Text(line.Method)} {TerminalText.Text(line.Path)}  {TerminalText.Text(line.Verdict)}  {duration}"
        );
    }

    private static string Milliseconds(double? value) =>
        value is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:0.##} ms") : "-";
}
