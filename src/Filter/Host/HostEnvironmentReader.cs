using System.Globalization;
using System.Runtime.InteropServices;
using FastGate.Config;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Host;

/// <summary>Finds out about the machine and the user of this process.</summary>
internal static class HostEnvironmentReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The site, or a sentence why nothing can be installed here.</summary>
    public static async Task<(HostEnvironment? Site, string Problem)> ReadAsync(IProbe probe)
    {
        Machine machine = Machine.Read();
        if (!machine.IsMac && !OperatingSystem.IsLinux())
            return (null, "install knows macOS and Linux only");
        if (machine.Home.Length == 0)
            return (null, "this user has no home directory");
        string path = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        // Tailscale's program on a Mac is the app's window as well, unless it is told which one is meant.
        CommandRunner runner = new(path, new Dictionary<string, string> { ["TAILSCALE_BE_CLI"] = "1" });
        CommandResult id = await runner.RunAsync("id", ["-u"], Longest);
        if (!uint.TryParse(id.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out uint userId))
            return (null, $"id -u does not say who you are: {id.Description}");
        return (
            new HostEnvironment
            {
                Machine = machine with
                {
                    Interfaces = await TailscaleDaemon.Usual.MarkAsync(machine.Interfaces, CancellationToken.None),
                },
                UserId = userId,
                UserName = Environment.UserName,
                DataHome =
                    Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { } data && Path.IsPathRooted(data)
                        ? data
                        : null,
                SearchPath = path,
                ApplicationFolders = ["/Applications", Path.Combine(machine.Home, "Applications")],
                SystemAgentFolders = machine.IsMac ? ["/Library/LaunchAgents", "/Library/LaunchDaemons"] : [],
                Runner = runner,
                Publisher = Publisher(runner),
                Probe = probe,
                Time = TimeProvider.System,
                DotnetFolder = DotnetFolder(),
                IsSudo = Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 },
            },
            ""
        );
    }

    // Started by "dotnet run", the program lies in the bin folder below its project.
    private static IPublisher Publisher(ICommandRunner runner)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string project = Path.Combine(at.FullName, "Filter.csproj");
            if (File.Exists(project))
                return new SourcePublisher(project, RuntimeName(), runner);
        }
        return new CopyPublisher(Environment.ProcessPath, AppContext.BaseDirectory);
    }

    // The portable name: the runtime's own may be that of a distribution, for which there are no packages.
    private static string RuntimeName()
    {
        string system =
            OperatingSystem.IsMacOS() ? "osx"
            : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl"
            : "linux";
        return $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    }

    // …/shared/Microsoft.NETCore.App/10.0.0/
    private static string DotnetFolder() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}

/// <summary>Installs the very program that is running, when it is one file.</summary>
internal sealed class CopyPublisher(string? program, string baseDirectory) : IPublisher
{
    public string Line => $"copy {program}";

    public Task<Published> PublishAsync(string folder)
    {
        // Not one file: it would need everything that lies beside it.
        if (program is null || File.Exists(Path.Combine(baseDirectory, "fastgate.dll")))
        {
            return Task.FromResult(
                new Published(
                    null,
                    Problem: "this program is not one file, and its source is not here: install from the source, "
                        + "or publish it with -p:PublishSingleFile=true"
                )
            );
        }
        return Task.FromResult(new Published(program));
    }
}
