using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FastGate.Config;

/// <summary>Where a gate tells its numbers: <c>auto</c>, <c>off</c>, or the path of a Unix socket.</summary>
internal static class MetricsSocketPath
{
    public const string Auto = "auto";

    private const string Off = "off";

    // In a folder of its own, which nobody else can enter. Not in $XDG_RUNTIME_DIR: a shell that came by su, or a gate
    // that was started by hand, does not have it, and the two would not find each other.
    private const string FileName = "run/gate.sock";

    // sun_path on macOS, less its end and what the socket is called while it is made.
    private const int BytesMax = 91;

    /// <summary>The problem says what to write instead.</summary>
    /// <param name="text">As it was said.</param>
    /// <param name="machine">Says where the usual one is.</param>
    /// <param name="path">A whole path, or null for none.</param>
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
            ['~', '/', .. var rest] => Path.Combine(machine.Home, rest),
            ['/', ..] => text,
            _ => null,
        };
        problem =
            path is null && text is not (Off or Auto)
                ? $"\"{text}\" is not a whole path: write one that begins with / or ~/, or \"auto\" or \"off\""
            : path is not null && path.EndsWith('/') ? $"\"{text}\" is a directory: write {text}gate.sock"
            : text != Auto && path is not null && Encoding.UTF8.GetByteCount(path) > BytesMax
                ? $"\"{text}\" is longer than {BytesMax} bytes, and a socket's path must be short: write "
                    + $"one such as /tmp/fastgate/gate.sock"
            : null;
        return problem is null;
    }
}
