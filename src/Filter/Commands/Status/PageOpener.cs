using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Commands.Status;

/// <summary>Prints the address of the status page, and opens it where a desktop is.</summary>
/// <param name="host">The machine.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed class PageOpener(HostEnvironment host, Func<string, string?> variable)
{
    // The browser may stay in the foreground of xdg-open, and must outlive this program.
    private const string Detached = "nohup xdg-open \"$1\" >/dev/null 2>&1 </dev/null &";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <returns>The exit code.</returns>
    public async Task<int> OpenAsync(StatusFrame frame, Terminal terminal)
    {
        if (frame.Response.Snapshot is not { } gate)
        {
            terminal.Error.WriteLine(StatusText.Problem(frame));
            return StatusVerb.CodeOf(frame);
        }
        // Another user's gate could name anything.
        if (
            !Uri.TryCreate(gate.StatusPage, UriKind.Absolute, out Uri? page)
            || !page.IsLoopback
            || page.Scheme != Uri.UriSchemeHttp
        )
        {
            string config = new InstallPaths(host).Short(gate.Config ?? "fastgate.json");
            terminal.Error.WriteLine(
                "The gate has no port for the status page. Open one: set \"metrics\": { \"port\": 9464 } in "
                    + $"{config}, and restart the gate; or start it with --metrics-port 9464."
            );
            return ExitCodes.No;
        }
        terminal.Out.WriteLine(page);
        if (IsRemote)
            terminal.Error.WriteLine(
                $"To open it on your own machine, run there: ssh -L {page.Port}:{page.Authority} HOST"
            );
        else if (await TryOpenAsync(page.AbsoluteUri) is { Succeeded: false } failed)
            terminal.Error.WriteLine($"No browser was opened: {failed.Error.Trim()}");
        return ExitCodes.Yes;
    }

    // Over SSH, a browser would open on the screen of the other machine, if anywhere.
    private bool IsRemote => !string.IsNullOrEmpty(variable("SSH_CONNECTION"));

    /// <returns>Null if there is no desktop.</returns>
    private async Task<CommandResult?> TryOpenAsync(string page)
    {
        if (host.Machine.IsMac)
            return await host.Runner.RunAsync("open", [page], Timeout);
        bool isDesktop =
            (variable("WAYLAND_DISPLAY") ?? variable("DISPLAY")) is { Length: > 0 }
            && host.Runner.Find("xdg-open") is not null;
        return isDesktop ? await host.Runner.RunAsync("sh", ["-c", Detached, "sh", page], Timeout) : null;
    }
}
