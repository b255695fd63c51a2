using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Logs;

/// <summary>One way to show the lines of the access log.</summary>
internal interface ILogView : IDisposable
{
    /// <summary>Told all lines that are shown first, so that columns can be as wide as they must be.</summary>
    void Prepare(IReadOnlyList<LogLine> lines);

    /// <summary>False when nobody looks any more.</summary>
    bool Show(LogLine line);

    /// <summary>After some lines, when there are no more for the moment. False when nobody looks any more.</summary>
    bool Flush();
}
