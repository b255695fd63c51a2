using System.Text;
using FastGate.Commands.Shared;
using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>The lines as they stand in the file, for other programs.</summary>
internal sealed class LogJsonView(LineOutput output) : ILogView
{
    public void Prepare(IReadOnlyList<LogLine> lines) { }

    public bool Show(LogLine line) => output.TryWrite(Encoding.UTF8.GetString(line.Bytes.Span));

    public bool Flush() => output.TryFlush();

    public void Dispose() => output.Dispose();
}
