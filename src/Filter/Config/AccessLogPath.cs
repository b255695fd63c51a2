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
    public static bool TryParse(
        string text,
        Machine machine,
        out string? path,
        [NotNullWhen(false)] out string? problem
    )
    {
        path = text switch
        {
            Auto => StateFolder.Of(machine) is { } folder ? Path.Combine(folder, FileName) : null,
            StandardOutput => text,
            ['~', '/', .. var rest] => Path.Combine(machine.Home, rest),
            ['/', ..] => text,
            _ => null,
        };
        problem =
            path is null && text is not (Off or Auto)
                ? $"\"{text}\" is not a whole path: write one that begins with / or ~/, or \"auto\", "
                    + $"\"off\", or \"-\" for standard output"
            : path is not null && path.EndsWith('/') ? $"\"{text}\" is a directory: write {text}{FileName}"
            : null;
        return problem is null;
    }
}
