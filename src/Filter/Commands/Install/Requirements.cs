using FastGate.Host;
using FastGate.Host.Systemd;
using FastGate.Launchd;

namespace FastGate.Commands.Install;

/// <summary>Checks what an installation needs from the machine, before it builds the program for minutes and then has
/// to roll back.</summary>
internal sealed class Requirements(HostEnvironment environment, InstallPaths paths)
{
    /// <summary>What a native build leaves in the staging folder, and the program itself.</summary>
    private const long FreeBytesMin = 300 << 20;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private string? _problem;

    /// <summary>Fails if the service manager does not respond, or a folder cannot be written.</summary>
    public Step Check() =>
        new(
            environment.Machine.IsMac
                ? "check the login session, the folders and the disk"
                : "check the user's systemd, the folders and the disk",
            [],
            async () => (_problem = await ProblemAsync()) is null,
            () => Task.FromResult(StepResult.Failed(_problem!))
        );

    private async Task<string?> ProblemAsync() =>
        await ManagerProblemAsync() ?? await FolderProblemAsync() ?? DiskProblem();

    private async Task<string?> ManagerProblemAsync() =>
        environment.Machine.IsMac
            ? await new Launchctl(environment.Runner, environment.UserId).SessionProblemAsync()
            : (await new Systemctl(environment.Runner, environment.UserName).RunAsync("show-environment")).Problem;

    private async Task<string?> FolderProblemAsync()
    {
        string[] files = environment.Machine.IsMac ? [paths.AgentFile(InstallPaths.FastGateLabel)] : [paths.UnitFile];
        string[] programs = environment.Publisher.InPlace is null ? [paths.Copy] : [];
        foreach (string file in (string[])[.. files, .. programs, paths.Config, paths.OperationalLog, paths.Journal])
        {
            string? folder = Path.GetDirectoryName(file);
            // Anything in place of a folder is found as well: it cannot hold the rest of the path.
            while (folder is not null && !Path.Exists(folder))
                folder = Path.GetDirectoryName(folder);
            if (folder is null)
                continue;
            if (!Directory.Exists(folder))
                return $"{paths.Short(folder)} is a file, but has to be a folder: move it away";
            CommandResult test = await environment.Runner.RunAsync("test", ["-w", folder], Timeout);
            // Without the program, the step that writes there finds out.
            if (test.ExitCode == 1)
                return $"{paths.Short(folder)}/ cannot be written by {environment.UserName}: correct its owner or mode";
        }
        return null;
    }

    private string? DiskProblem()
    {
        long free = new DriveInfo(environment.Machine.Home).AvailableFreeSpace;
        return free < FreeBytesMin
            ? $"only {free >> 20} MiB are free in {environment.Machine.Home}; installing needs {FreeBytesMin >> 20}"
            : null;
    }
}
