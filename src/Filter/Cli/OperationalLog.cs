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

    public static ILoggerFactory Create(LogLevel least) => LoggerFactory.Create(log => log
        .SetMinimumLevel(least)
        .AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            // The logger itself looks at standard output only.
            line.ColorBehavior = IsPlain ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Enabled;
        })
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));

    // https://no-color.org
    private static bool IsPlain =>
        Console.IsErrorRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
