using System.Net;
using System.Net.NetworkInformation;
using FastGate.Proxy.Listening;

namespace FastGate.Config;

/// <summary>The facts about a machine and its user that a config is interpreted with.</summary>
internal sealed record Machine
{
    /// <summary>The operating system's host name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The user's home directory, or empty if there is none.</summary>
    public string Home { get; init; } = "";

    /// <summary><c>$XDG_CONFIG_HOME</c>, if it is an absolute path.</summary>
    public string? ConfigHome { get; init; }

    /// <summary><c>$XDG_STATE_HOME</c>, if it is an absolute path.</summary>
    public string? StateHome { get; init; }

    public bool IsMac { get; init; }

    public IReadOnlyList<InterfaceAddress> Interfaces { get; init; } = [];

    /// <summary>A path for people, with ~ for the home directory.</summary>
    public string Short(string path) =>
        Home.Length > 1 && path.StartsWith(Home + '/', StringComparison.Ordinal)
            ? string.Concat("~", path.AsSpan(Home.Length))
            : path;

    /// <summary>Reads the facts about the machine that runs this process.</summary>
    public static Machine Read() =>
        new()
        {
            Name = Dns.GetHostName(),
            Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ConfigHome = AbsolutePath("XDG_CONFIG_HOME"),
            StateHome = AbsolutePath("XDG_STATE_HOME"),
            IsMac = OperatingSystem.IsMacOS(),
            Interfaces = ReadInterfaces(),
        };

    // The XDG Base Directory Specification: a relative path is invalid and must be ignored.
    private static string? AbsolutePath(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } path && Path.IsPathRooted(path) ? path : null;

    private static IReadOnlyList<InterfaceAddress> ReadInterfaces()
    {
        try
        {
            return FastGate.Proxy.Listening.Interfaces.Read();
        }
        catch (NetworkInformationException)
        {
            // Only the checks for overlapping listeners need the interfaces; the gate itself waits for addresses.
            return [];
        }
    }
}
