using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace FastGate.Commands.Run;

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
