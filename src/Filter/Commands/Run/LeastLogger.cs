using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Run;

/// <summary>A log that is told nothing below a level.</summary>
internal sealed class LeastLogger(ILogger log, LogLevel least) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel level) => level >= least && log.IsEnabled(level);

    public void Log<TState>(
        LogLevel level,
        EventId id,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(level))
            log.Log(level, id, state, exception, formatter);
    }
}
