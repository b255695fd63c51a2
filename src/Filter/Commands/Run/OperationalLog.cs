using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

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
