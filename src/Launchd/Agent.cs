using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastGate.Launchd;

/// <summary>A program that launchd keeps for a user: what its property list in ~/Library/LaunchAgents says
/// (launchd.plist(5)).</summary>
public sealed record Agent
{
    public required AgentLabel Label { get; init; }

    /// <summary>The program as a whole path, and its arguments. They go to it as they are: no shell reads
    /// them.</summary>
    public required IReadOnlyList<string> ProgramArguments { get; init; }

    /// <summary>Beside the little that launchd sets; nothing of the owner's shell is there.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];

    /// <summary>Start it at login.</summary>
    public bool RunAtLoad { get; init; } = true;

    /// <summary>Start it again however it ended.</summary>
    public bool KeepAlive { get; init; } = true;

    /// <summary><c>Interactive</c> keeps macOS from throttling what somebody waits for; null is launchd's
    /// default.</summary>
    public string? ProcessType { get; init; }

    /// <summary>The least time between two starts, in whole seconds; launchd's default is 10.</summary>
    public int? ThrottleSeconds { get; init; }

    /// <summary>From SIGTERM to SIGKILL, in whole seconds; launchd's default is 20.</summary>
    public int? ExitTimeOutSeconds { get; init; }

    /// <summary>Open descriptors; launchd's default is 256.</summary>
    public int? FilesMax { get; init; }

    /// <summary>A file; its folder has to be there, launchd does not make it.</summary>
    public string? StandardOutPath { get; init; }

    public string? StandardErrorPath { get; init; }
}

/// <summary>The name by which launchd knows an agent: reverse DNS, such as <c>com.fastgate</c> (launchd.plist(5),
/// Label).</summary>
public sealed record AgentLabel
{
    // launchd takes almost anything. The label is also a file name, a part of a service target and an argument, so only
    // what is plain in all three is a label here.
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    // A file name has at most 255 bytes (APFS, ext4), ".plist" among them; nobody has use for more than half of that.
    private const int LengthMax = 128;

    private AgentLabel(string name) => Name = name;

    public string Name { get; }

    /// <summary>In <c>~/Library/LaunchAgents</c>.</summary>
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
            text.Length > LengthMax ? $"A label has at most {LengthMax} characters"
            : parts.Length < 2 ? $"\"{text}\" is not a label: write reverse DNS, such as com.fastgate"
            : !parts.All(IsPlain)
                ? $"\"{text}\" is not a label: write letters, digits, \"-\" and \"_\" between single "
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
