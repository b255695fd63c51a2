using System.Net;
using System.Net.NetworkInformation;
using FastGate.Proxy.Listening;

namespace FastGate.Config;

/// <summary>What a config's meaning depends on beside the config: where it runs, and for whom.</summary>
internal sealed record Machine
{
    /// <summary>The operating system's host name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The user's home directory; empty when there is none.</summary>
    public string Home { get; init; } = "";

    /// <summary><c>$XDG_CONFIG_HOME</c>, if it is set to a whole path.</summary>
    public string? ConfigHome { get; init; }

    /// <summary><c>$XDG_STATE_HOME</c>, if it is set to a whole path.</summary>
    public string? StateHome { get; init; }

    public bool IsMac { get; init; }

    public IReadOnlyList<InterfaceAddress> Interfaces { get; init; } = [];

    /// <summary>The one that this process runs on, as it is now.</summary>
    public static Machine Read() =>
        new()
        {
            Name = Dns.GetHostName(),
            Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ConfigHome = WholePath("XDG_CONFIG_HOME"),
            StateHome = WholePath("XDG_STATE_HOME"),
            IsMac = OperatingSystem.IsMacOS(),
            Interfaces = ReadInterfaces(),
        };

    // The XDG Base Directory Specification: a relative path is invalid, and is to be ignored.
    private static string? WholePath(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { } path && Path.IsPathRooted(path) ? path : null;

    private static IReadOnlyList<InterfaceAddress> ReadInterfaces()
    {
        try
        {
            return FastGate.Proxy.Listening.Interfaces.Read();
        }
        catch (NetworkInformationException)
        {
            // The system does not say: then nothing of the config is judged by it, and the gate itself waits for
            // addresses.
            return [];
        }
    }
}
