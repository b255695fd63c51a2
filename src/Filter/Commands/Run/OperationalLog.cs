using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace FastGate.Commands.Run;

/// <summary>The log for whoever runs the gate: one line an event on standard error.</summary>
internal static class OperationalLog
{
    /// <summary>The words for how much is told.</summary>
    public static IReadOnlyDictionary<string, LogLevel> Levels { get; } =
        new Dictionary<string, LogLevel>
        {
            ["debug"] = LogLevel.Debug,
            ["info"] = LogLevel.Information,
            ["warning"] = LogLevel.Warning,
            ["error"] = LogLevel.Error,
        };

    /// <summary>
    /// The console's logger itself: a factory for one logger, and the container that is usual to make it, cost 2 MB of
    /// the gate's 45.
    /// </summary>
    /// <param name="least">Less is not told.</param>
    /// <param name="owner">Writes what waits and ends with its disposal.</param>
    public static ILogger Create(LogLevel least, out IDisposable owner)
    {
        FixedConsoleOptions options = new(
            new ConsoleLoggerOptions
            {
                FormatterName = LineFormatter.FormatterName,
                LogToStandardErrorThreshold = LogLevel.Trace,
            }
        );
        ConsoleLoggerProvider provider = new(options, [new LineFormatter(IsPlain)]);
        owner = provider;
        return new LeastLogger(provider.CreateLogger("fastgate"), least);
    }

    // https://no-color.org
    private static bool IsPlain =>
        Console.IsErrorRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}

/// <summary>Options of the console log that never change, for a library that would be told if they did.</summary>
internal sealed class FixedConsoleOptions(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
{
    public ConsoleLoggerOptions CurrentValue => options;

    public ConsoleLoggerOptions Get(string? name) => options;

    public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
}

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

/// <summary>Writes an event of the operational log as one line: time, level, and what a person has to know.</summary>
/// <param name="plain">Without colors.</param>
internal sealed class LineFormatter(bool plain) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const string Reset = "\u001b[0m";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter to)
    {
        string text = entry.Formatter(entry.State, entry.Exception);
        if (entry.Exception is { } exception)
            text = $"{text} {exception}";
        (string word, string color) = WordOf(entry.LogLevel);
        to.Write(DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        to.Write(plain ? $"{word, -8}" : $"{color}{word, -8}{Reset}");
        // What others sent can be in it, and must not make lines of its own.
        to.WriteLine(text.ReplaceLineEndings(" "));
    }

    private static (string Word, string Color) WordOf(LogLevel level) =>
        level switch
        {
            LogLevel.Trace or LogLevel.Debug => ("debug", "\u001b[2m"),
            LogLevel.Information => ("info", "\u001b[32m"),
            LogLevel.Warning => ("warning", "\u001b[33m"),
            _ => ("error", "\u001b[31m"),
        };
}
