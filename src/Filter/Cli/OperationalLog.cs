using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace FastGate.Cli;

/// <summary>The log for whoever runs the gate: one line an event on standard error.</summary>
internal static class OperationalLog
{
    /// <summary>The words for how much is told.</summary>
    public static IReadOnlyDictionary<string, LogLevel> Levels { get; } = new Dictionary<string, LogLevel>
    {
        ["debug"] = LogLevel.Debug,
        ["info"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    };

    /// <summary>Built by hand: a service container for one object costs some megabytes and a tenth of a second.</summary>
    public static ILoggerFactory Create(LogLevel least)
    {
        FixedConsoleOptions options = new(new ConsoleLoggerOptions
        {
            FormatterName = LineFormatter.FormatterName,
            LogToStandardErrorThreshold = LogLevel.Trace,
        });
        ConsoleLoggerProvider provider = new(options, [new LineFormatter(IsPlain)]);
        return new LoggerFactory([provider], new LoggerFilterOptions { MinLevel = least });
    }

    // https://no-color.org
    private static bool IsPlain =>
        Console.IsErrorRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
