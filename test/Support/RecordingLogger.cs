using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Support;

/// <summary>A logger that keeps its lines. Any thread.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> _lines = [];

    public IReadOnlyCollection<(LogLevel Level, EventId Id, string Text)> Lines => _lines;

    public int Count(LogLevel level) => _lines.Count(line => line.Level == level);

    public void Clear() => _lines.Clear();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue((logLevel, eventId, formatter(state, exception)));
}
