using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace FastGate.Config;

/// <summary>A member that names a file of the running gate: <c>auto</c>, <c>off</c>, or an absolute path.</summary>
internal sealed class StatePath
{
    public const string Auto = "auto";

    private const string Off = "off";
    private const string StandardOutput = "-";

    // The length of sun_path on macOS, less its terminator and the suffix of the socket's temporary name.
    private const int SocketPathBytesMax = 91;

    private readonly string _defaultFile;
    private readonly int _bytesMax;
    private readonly bool _canBeStandardOutput;

    private StatePath(string defaultFile, int bytesMax = int.MaxValue, bool canBeStandardOutput = false) =>
        (_defaultFile, _bytesMax, _canBeStandardOutput) = (defaultFile, bytesMax, canBeStandardOutput);

    /// <summary><c>accessLog</c>; also <c>-</c>, which is standard output.</summary>
    public static StatePath AccessLog { get; } = new("access.log", canBeStandardOutput: true);

    /// <summary><c>metrics.socket</c>, a Unix socket in a directory that only its owner can enter.</summary>
    /// <remarks>
    /// Not in <c>$XDG_RUNTIME_DIR</c>: a shell started by su, or a gate started by hand, does not have it, and
    /// <c>status</c> would look for the socket in the wrong place.
    /// </remarks>
    public static StatePath MetricsSocket { get; } = new("run/gate.sock", SocketPathBytesMax);

    /// <summary>The Unix sockets by which one gate hands its listening sockets to the next. The name depends on the
    /// config and the flags, so that only a gate with the same ones takes them.</summary>
    /// <param name="machine">Its directories decide the folder.</param>
    /// <param name="config">The path of the config file.</param>
    /// <param name="flags">The flags of <c>run</c>.</param>
    /// <returns>The socket of the gate that the service runs, and that of the one that stands in while it restarts;
    /// null for a user without a home directory.</returns>
    public static (string Service, string StandIn)? HandoverSockets(
        Machine machine,
        string config,
        IEnumerable<string> flags
    )
    {
        if (DirectoryOn(machine) is not { } directory)
            return null;
        string key = KeyOf(string.Join('\0', flags.Prepend(config)));
        string folder = Path.Combine(directory, Path.GetDirectoryName(MetricsSocket._defaultFile)!);
        return (Path.Combine(folder, $"next-{key}.sock"), Path.Combine(folder, $"stand-in-{key}.sock"));
    }

    // FNV-1a: the folder is its owner's, so nobody looks for two texts with the same key. A cryptographic hash would
    // load OpenSSL, which takes 4 MB and 4 ms of every start.
    private static string KeyOf(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ value) * 1099511628211);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Parses the member's value; <paramref name="problem"/> says what to write instead.</summary>
    /// <param name="text">The value.</param>
    /// <param name="machine">Its directories decide what <c>auto</c> means.</param>
    /// <param name="path">An absolute path, <c>-</c> for standard output, or null for off.</param>
    /// <param name="problem">Null on success.</param>
    public bool TryParse(string text, Machine machine, out string? path, [NotNullWhen(false)] out string? problem)
    {
        path = text switch
        {
            Auto => DirectoryOn(machine) is { } directory ? Path.Combine(directory, _defaultFile) : null,
            StandardOutput when _canBeStandardOutput => text,
            ['~', '/', .. var rest] => Path.Combine(machine.Home, rest),
            ['/', ..] => text,
            _ => null,
        };
        problem =
            path is null && text is not (Off or Auto)
                ? $"\"{text}\" is not an absolute path; write one that begins with / or ~/, or "
                    + (_canBeStandardOutput ? "\"auto\", \"off\", or \"-\" for standard output" : "\"auto\" or \"off\"")
            : path is not null && path.EndsWith('/')
                ? $"\"{text}\" is a directory; write {text}{Path.GetFileName(_defaultFile)}"
            : text != Auto && path is not null && Encoding.UTF8.GetByteCount(path) > _bytesMax
                ? $"\"{text}\" is longer than {_bytesMax} bytes, the limit for a Unix socket; write a shorter path, "
                    + "such as /tmp/fastgate/gate.sock"
            : null;
        return problem is null;
    }

    /// <summary>
    /// Where the system's own tools look: Console.app shows ~/Library/Logs, and the XDG Base Directory Specification
    /// keeps logs in the state directory. Null for a user without a home directory.
    /// </summary>
    private static string? DirectoryOn(Machine machine)
    {
        if (!machine.IsMac && machine.StateHome is { } state)
            return Path.Combine(state, "fastgate");
        if (machine.Home.Length == 0)
            return null;
        return machine.IsMac
            ? Path.Combine(machine.Home, "Library/Logs/FastGate")
            : Path.Combine(machine.Home, ".local/state/fastgate");
    }
}
