using System.Diagnostics.CodeAnalysis;

namespace FastGate.Config;

/// <summary>Where the access log goes: <c>auto</c>, <c>off</c>, <c>-</c>, or a file.</summary>
internal static class AccessLogPath
{
    public const string Auto = "auto";

    private const string Off = "off";
    private const string StandardOutput = "-";
    private const string FileName = "access.log";

    /// <summary>The problem says what to write instead.</summary>
    /// <param name="text">As it was said.</param>
    /// <param name="machine">Says where the usual file is.</param>
    /// <param name="path">A whole path, or - for standard output, or null for nowhere.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryParse(string text, Machine machine, out string? path, [NotNullWhen(false)] out string? problem)
    {
        path = text switch
        {
            Auto => Usual(machine),
            StandardOutput => text,
            ['~', '/', .. var rest] => Path.Combine(machine.Home, rest),
            ['/', ..] => text,
            _ => null,
        };
        problem = path is null && text is not (Off or Auto)
            ? $"\"{text}\" is not a whole path: write one that begins with / or ~/, or \"auto\", \"off\", or \"-\" for standard output"
            : path is not null && path.EndsWith('/') ? $"\"{text}\" is a directory: write {text}{FileName}" : null;
        return problem is null;
    }

    /// <summary>
    /// Where the system's own tools look: Console.app shows ~/Library/Logs, and the XDG Base Directory Specification
    /// keeps logs in the state directory. Null for a user without a home.
    /// </summary>
    private static string? Usual(Machine machine)
    {
        if (!machine.IsMac && machine.StateHome is { } state) return Path.Combine(state, "fastgate", FileName);
        if (machine.Home.Length == 0) return null;
        return machine.IsMac
            ? Path.Combine(machine.Home, "Library/Logs/FastGate", FileName)
            : Path.Combine(machine.Home, ".local/state/fastgate", FileName);
    }
}
