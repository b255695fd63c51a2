using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastGate.Launchd;

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
