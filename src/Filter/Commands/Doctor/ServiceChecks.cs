using System.Runtime.InteropServices;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>The config, the installed program, and how the state of a service is reported.</summary>
internal sealed class ServiceChecks(DoctorContext context)
{
    // More starts than a user would cause by hand.
    private const int StartsMany = 10;

    private Fixes Fixes => context.Fixes;

    public IEnumerable<DoctorCheck> All() =>
        [
            new("config", CheckGroup.Service, "config", _ => Task.FromResult(Config())),
            new("installed-program", CheckGroup.Service, "installed program", InstalledAsync)
            {
                Timeout = TimeSpan.FromSeconds(30),
            },
        ];

    /// <summary>Whether a service runs and stays running.</summary>
    /// <param name="status">The state of a loaded agent or an existing unit.</param>
    /// <param name="isMac">The agent of launchd; else the unit of systemd.</param>
    /// <param name="start">The command that starts it.</param>
    /// <param name="log">The command that shows why it exits.</param>
    public static CheckResult StateOf(ServiceStatus status, bool isMac, string start, string log)
    {
        bool hasFailed = status.LastExit is not (null or "0");
        string starts =
            isMac ? $", {TextFormat.Count(status.Starts, "start")} since it was loaded"
            : status.Starts > 0 ? $", {TextFormat.Count(status.Starts, "automatic restart")}"
            : "";
        string exit = hasFailed || (isMac && status.LastExit is not null) ? $", last exit {status.LastExit}" : "";
        Fact[] facts =
        [
            Fact.Of("state", status.State),
            Fact.Of(isMac ? "runs" : "restarts", status.Starts),
            isMac ? Fact.Of("lastExit", status.LastExit ?? "")
            : int.TryParse(status.LastExit, out int code) ? Fact.Of("lastExit", code)
            : Fact.Of("lastExit", 0),
        ];
        if (!status.IsRunning)
            return CheckResult.Fail(
                $"{status.Name} is not running{(status.State.Length > 0 ? $": {status.State}" : "")}{starts}{exit}",
                isMac || hasFailed ? log : start,
                facts
            );
        return status.Starts >= StartsMany && hasFailed
            ? CheckResult.Fail($"{status.Name} keeps restarting{starts}{exit}", log, facts)
            : CheckResult.Pass($"{status.Name} is running, pid {status.ProcessId}{starts}{exit}", facts);
    }

    private CheckResult Config()
    {
        string path = context.Paths.Short(context.Config.Path.Path);
        if (context.Config.Problems is [var first, ..])
        {
            string more = context.Config.Problems.Count > 1 ? $" (and {context.Config.Problems.Count - 1} more)" : "";
            return CheckResult.Fail(
                $"{ResponseText.OneLine(first.ToString(), 400)}{more}; the other checks use the defaults",
                Fixes.CheckConfig
            );
        }
        int rules = context.Plan.Listeners.Sum(listener => listener.Options.Policy.Rules.Count);
        string state = context.Config.FileExists ? "is valid" : "does not exist, so the defaults apply";
        return CheckResult.Pass($"{path} {state}: {TextFormat.Count(rules, "rule")}", Fact.Of("rules", rules));
    }

    private async Task<CheckResult> InstalledAsync(CheckProbe probe)
    {
        string mine = OwnVersion.Text;
        Fact[] facts = [Fact.Of("version", mine), Fact.Of("system", RuntimeInformation.OSDescription)];
        string program = context.Paths.Program;
        string shown = context.Paths.Short(program);
        if (!File.Exists(program))
            return CheckResult.Skip(
                $"{shown} does not exist: this is version {Short(mine)}, run from elsewhere",
                Fixes.Install
            );
        CommandResult version = await probe.RunAsync(program, "--version");
        if (!version.Succeeded)
            return CheckResult.Fail($"{shown} does not run: {version.Description}", Fixes.Install, facts);
        string installed = version.Output.Trim();
        return installed == mine
            ? CheckResult.Pass($"{shown} is version {Short(mine)}", facts)
            : CheckResult.Fail(
                $"{shown} is version {Short(installed)}, but this program is version {Short(mine)}",
                Fixes.Install,
                facts
            );
    }

    // Programs get the full commit hash.
    private static string Short(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 || version.Length < plus + 9 ? version : version[..(plus + 9)];
    }
}
