using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastGate.Launchd;

/// <summary>A LaunchAgent: the content of a property list in ~/Library/LaunchAgents (launchd.plist(5)).</summary>
public sealed record Agent
{
    public required AgentLabel Label { get; init; }

    /// <summary>The absolute path of the program, and its arguments. They are passed as they are: no shell reads
    /// them.</summary>
    public required IReadOnlyList<string> ProgramArguments { get; init; }

    /// <summary>Environment variables in addition to the few that launchd sets; an agent inherits nothing from the
    /// user's shell.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Whether it starts at login.</summary>
    public bool RunAtLoad { get; init; } = true;

    /// <summary>Whether it is restarted whenever it ends.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary><c>Interactive</c> keeps macOS from throttling what a user waits for; null for launchd's
    /// default.</summary>
    public string? ProcessType { get; init; }

    /// <summary>The minimum time between two starts, in whole seconds; launchd's default is 10.</summary>
    public int? ThrottleSeconds { get; init; }

    /// <summary>The time from SIGTERM to SIGKILL, in whole seconds; launchd's default is 20.</summary>
    public int? ExitTimeOutSeconds { get; init; }

    /// <summary>The limit on open descriptors; launchd's default is 256.</summary>
    public int? FilesMax { get; init; }

    /// <summary>A file. Its folder must exist, because launchd does not create it.</summary>
    public string? StandardOutPath { get; init; }

    public string? StandardErrorPath { get; init; }
}

/// <summary>The label that identifies an agent to launchd: reverse DNS, such as <c>com.fastgate</c> (launchd.plist(5),
/// Label).</summary>
public sealed record AgentLabel
{
    // launchd accepts almost anything. The label is also a file name, a part of a service target and an argument, so
    // only what is plain in all three is accepted here.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    // A file name has at most 255 bytes (APFS, ext4), including ".plist"; half of that is enough.
    private const int LengthMax = 128;

    private AgentLabel(string name) => Name = name;

    public string Name { get; }

    /// <summary>The file name in <c>~/Library/LaunchAgents</c>.</summary>
    public string PropertyListFileName => $"{Name}.plist";

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out AgentLabel? label,
        [NotNullWhen(false)] out string? problem
    )
    {
        label = null;
        string[] parts = text.Split('.');
        problem =
            text.Length > LengthMax ? $"a label has at most {LengthMax} characters, such as com.fastgate"
            : parts.Length < 2 ? $"\"{text}\" is not a label: use reverse DNS, such as com.fastgate"
            : !parts.All(IsPlain)
                ? $"\"{text}\" is not a label: use letters, digits, \"-\" and \"_\" between single "
                    + $"dots, such as com.fastgate"
            : null;
        if (problem is null)
            label = new AgentLabel(text);
        return label is not null;
    }

    /// <summary>The target of <c>launchctl kickstart</c> and <c>bootout</c> for a user's agent:
    /// <c>gui/501/com.fastgate</c>.</summary>
    public string ServiceTarget(uint userId) => $"{DomainTarget(userId)}/{Name}";

    /// <summary>The target of <c>launchctl bootstrap</c>: the login session of a user, <c>gui/501</c>.</summary>
    public static string DomainTarget(uint userId) => $"gui/{userId}";

    public override string ToString() => Name;

    private static bool IsPlain(string part) =>
        part.Length > 0 && part[0] is not '-' and not '_' && !part.AsSpan().ContainsAnyExcept(Plain);
}
