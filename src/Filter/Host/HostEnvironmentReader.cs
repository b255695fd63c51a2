using System.Globalization;
using System.Runtime.InteropServices;
using FastGate.Config;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Host;

/// <summary>Reads the machine and the user of this process.</summary>
internal static class HostEnvironmentReader
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <returns>The environment, or why FastGate cannot run here.</returns>
    public static async Task<(HostEnvironment? Environment, string Problem)> ReadAsync(IProbe probe)
    {
        Machine machine = Machine.Read();
        if (!machine.IsMac && !OperatingSystem.IsLinux())
            return (null, "only macOS and Linux are supported");
        if (machine.Home.Length == 0)
            return (null, "this user has no home directory");
        string path = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
        CommandRunner runner = TailscaleProgram.CreateRunner(path);
        (string text, string problem) = await UserIdAsync(runner);
        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint userId))
            return (null, problem);
        return (
            new HostEnvironment
            {
                Machine = machine with
                {
                    Interfaces = await TailscaleDaemon.Default.MarkAsync(machine.Interfaces, CancellationToken.None),
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

    // .NET does not provide it. Linux shows the real, effective, saved and file-system user in one line (proc(5)), so
    // that "status" also works in a container that has no other program.
    private static async Task<(string Text, string Problem)> UserIdAsync(CommandRunner runner)
    {
        const string Status = "/proc/self/status";
        if (File.Exists(Status))
        {
            string line = File.ReadLines(Status).First(line => line.StartsWith("Uid:", StringComparison.Ordinal));
            return (line.Split('\t')[2], $"{Status} has no user: {line}");
        }
        CommandResult id = await runner.RunAsync("id", ["-u"], Timeout);
        return (id.Output.Trim(), $"id -u failed: {id.Description}");
    }

    // With "dotnet run", the program is in the bin folder below its project.
    private static IPublisher Publisher(CommandRunner runner)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string project = Path.Combine(at.FullName, "Filter.csproj");
            if (File.Exists(project))
                return new SourcePublisher(
                    project,
                    RuntimeName.Portable,
                    OwnVersion.Text,
                    runner,
                    new NativeTools(runner, OperatingSystem.IsMacOS())
                );
        }
        return new CopyPublisher(Environment.ProcessPath, AppContext.BaseDirectory);
    }

    // …/shared/Microsoft.NETCore.App/10.0.0/
    private static string DotnetFolder() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
}
