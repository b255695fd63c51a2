using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace FastGate.Commands.Run;

/// <summary>Options of the console log that never change, for a library that would be told if they did.</summary>
internal sealed class FixedConsoleOptions(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
{
    public ConsoleLoggerOptions CurrentValue => options;

    public ConsoleLoggerOptions Get(string? name) => options;

    public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
}
