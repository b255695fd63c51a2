using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace FastGate.Commands.Run;

/// <summary>The gate's operational log: one line per event on standard error.</summary>
internal static class OperationalLog
{
    /// <summary>The values of <c>--log-level</c>.</summary>
    public static IReadOnlyDictionary<string, LogLevel> Levels { get; } =
        new Dictionary<string, LogLevel>
        {
            ["debug"] = LogLevel.Debug,
            ["info"] = LogLevel.Information,
            ["warning"] = LogLevel.Warning,
            ["error"] = LogLevel.Error,
        };

    /// <summary>
    /// Creates the console logger directly: a logger factory and the service container that usually creates it cost
    /// 2 MB of the gate's 45.
    /// </summary>
    /// <param name="minimum">Events below this level are dropped.</param>
    /// <param name="owner">Dispose it to write pending lines and close the log.</param>
    public static ILogger Create(LogLevel minimum, out IDisposable owner)
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
        return new MinimumLevelLogger(provider.CreateLogger("fastgate"), minimum);
    }

    // https://no-color.org
    private static bool IsPlain =>
        Console.IsErrorRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}

/// <summary>Constant options for the console logger, whose constructor requires a monitor of changes.</summary>
internal sealed class FixedConsoleOptions(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
{
    public ConsoleLoggerOptions CurrentValue => options;

    public ConsoleLoggerOptions Get(string? name) => options;

    public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
}

/// <summary>Passes events at or above a level to another logger.</summary>
internal sealed class MinimumLevelLogger(ILogger log, LogLevel minimum) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => log.BeginScope(state);

    public bool IsEnabled(LogLevel level) => level >= minimum && log.IsEnabled(level);

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

/// <summary>Formats an event of the operational log as one line: time, level, message.</summary>
/// <param name="plain">Omits colors.</param>
internal sealed class LineFormatter(bool plain) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private const string Reset = "\u001b[0m";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter to)
    {
        string text = entry.Formatter(entry.State, entry.Exception);
        if (entry.Exception is { } exception)
            text = $"{text} {exception}";
        (string word, string color) = LevelText(entry.LogLevel);
        to.Write(DateTime.Now.ToString("yyyy-MM-dd HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        to.Write(plain ? $"{word, -8}" : $"{color}{word, -8}{Reset}");
        // The message can contain text from clients, which must not start a new line.
        to.WriteLine(text.ReplaceLineEndings(" "));
    }

    private static (string Word, string Color) LevelText(LogLevel level) =>
        level switch
        {
            LogLevel.Trace or LogLevel.Debug => ("debug", "\u001b[2m"),
            LogLevel.Information => ("info", "\u001b[32m"),
            LogLevel.Warning => ("warning", "\u001b[33m"),
            _ => ("error", "\u001b[31m"),
        };
}
