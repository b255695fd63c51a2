using Microsoft.Extensions.DependencyInjection;
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

    public static ILoggerFactory Create(LogLevel least) => LoggerFactory.Create(log =>
    {
        log.SetMinimumLevel(least);
        log.Services.AddSingleton<ConsoleFormatter>(new LineFormatter(IsPlain));
        log.AddConsole(console =>
        {
            console.FormatterName = LineFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    });

    // https://no-color.org
    private static bool IsPlain =>
        Console.IsErrorRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
