using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Doctor;

/// <summary>The commands that fix what the checks find, to paste into a shell. Doctor never runs them.</summary>
internal sealed class Fixes(DoctorContext context)
{
    private const string DropIn = "/etc/systemd/system/ollama.service.d";
    private const string OllamaInstaller = "curl -fsSL https://ollama.com/install.sh | sh";

    private const string TailscaledDefaults = "/etc/default/tailscaled";
    private const string UserspaceFlag = "--tun=userspace-networking";

    public string Install => $"{Program} install";

    public string CheckConfig =>
        context.Config.Path.IsExplicit
            ? $"{Program} check --config {ShellWords.Quote(context.Config.Path.Path)}"
            : $"{Program} check";

    public string Verbose => $"{Program} doctor --verbose {context.Flags}".TrimEnd();

    public string Warm => $"{Program} warm qwen3:0.6b";

    public string EditConfig =>
        context.IsRemote
            ? $"ssh {TargetHost} -t '${{EDITOR:-vi}} ~/.config/fastgate/fastgate.json'"
            : $"${{EDITOR:-vi}} {ShellWords.Quote(Paths.Short(context.Config.Path.Path))}";

    /// <summary>Restarts the gate by the service that runs it.</summary>
    public string RestartGate =>
        context.IsRemote ? RemoteDoctor
        : HasGateAgent ? $"launchctl kickstart -k {InstallPaths.FastGateLabel.ServiceTarget(context.Host.UserId)}"
        : HasGateUnit ? "systemctl --user restart fastgate"
        : Install;

    /// <summary>Shows the end of the gate's log.</summary>
    public string GateLog =>
        context.IsRemote ? RemoteDoctor
        : IsMac ? $"tail -n 20 {ShellWords.Quote(Paths.Short(Paths.OperationalLog))}"
        : "journalctl --user -u fastgate -n 20";

    /// <summary>Shows the end of Ollama's log.</summary>
    public string OllamaLog =>
        context.IsRemote ? $"{RemoteDoctor} --verbose"
        : IsMac ? $"tail -n 40 {ShellWords.Quote(Paths.Short(Paths.OllamaLog))}"
        : "journalctl -u ollama -n 40";

    public string UpdateOllama =>
        context.IsRemote ? $"ssh {TargetHost} 'brew upgrade ollama || {OllamaInstaller}'"
        : IsMac ? "brew upgrade ollama"
        : OllamaInstaller;

    public string AcceptDns => $"{Tailscale} set --accept-dns=true";

    /// <summary>Gives Tailscale a network interface.</summary>
    public string LeaveUserspace =>
        IsMac ? "sudo tailscaled install-system-daemon"
        : HasUserspaceFlag()
            ? $"sudo sed -i 's/{UserspaceFlag}//' {TailscaledDefaults} && sudo systemctl restart tailscaled"
        : $"ps -C tailscaled -o args= ; grep -s FLAGS {TailscaledDefaults}";

    /// <summary>The path of Tailscale's program; null if it is not installed.</summary>
    public string? TailscalePath => TailscaleProgram.Find(context.Host.Runner);

    /// <summary>Loads the agent or starts the unit. For a gate that keeps exiting, shows its log, since another start
    /// would not help.</summary>
    public async Task<string> LoadGateAsync(CheckProbe probe) =>
        (await context.GateServiceAsync(probe)).KeepsFailing ? GateLog
        : HasGateAgent ? BootstrapLine(InstallPaths.FastGateLabel)
        : HasGateUnit ? Systemctl.Line("enable", "--now", "fastgate")
        : Install;

    public async Task<string> StartOllamaAsync(CheckProbe probe)
    {
        if (context.IsRemote)
            return RemoteDoctor;
        if (IsMac)
            return File.Exists(Paths.AgentFile(InstallPaths.OllamaLabel)) ? StartAgent(InstallPaths.OllamaLabel)
                : File.Exists(Paths.AgentFile(InstallPaths.BrewOllamaLabel)) ? "brew services restart ollama"
                : HasOllama ? Install
                : $"brew install ollama && {Install}";
        return await HasOllamaUnitAsync(probe) ? "sudo systemctl enable --now ollama"
            : HasOllama ? Serve
            : OllamaInstaller;
    }

    /// <summary>Sets Ollama's variable for the web origins whose pages may use it.</summary>
    public async Task<string> SetOriginsAsync(CheckProbe probe, string origin) =>
        IsMac ? $"launchctl setenv OLLAMA_ORIGINS {ShellWords.Quote(origin)} ; {await StartOllamaAsync(probe)}"
        : await HasOllamaUnitAsync(probe)
            ? $"sudo systemctl edit ollama   # [Service] Environment=OLLAMA_ORIGINS={origin}"
        : $"OLLAMA_ORIGINS={ShellWords.Quote(origin)} {Serve}";

    /// <summary>Restarts Ollama so that it listens only on loopback.</summary>
    public async Task<string> BindOllamaAsync(CheckProbe probe) =>
        IsMac ? Install
        : await HasOllamaUnitAsync(probe)
            ? $"sudo mkdir -p {DropIn} && printf "
                + $"'[Service]\\nEnvironment=\"{OllamaHost.Variable}={Upstream}\"\\n' | sudo "
                + $"tee {DropIn}/loopback.conf && sudo systemctl daemon-reload && sudo systemctl restart ollama"
        : Serve;

    /// <summary>
    /// Does the same for a known listening process: one that was started by hand has to be killed first. Only Ollama
    /// itself is killed: a port can belong to a daemon of the system that forwards it.
    /// </summary>
    public async Task<string> BindOllamaAsync(CheckProbe probe, ListeningSocket? socket)
    {
        if (socket is { IsTailscale: true })
            return $"{Tailscale} serve status";
        if (socket is { Program.Length: > 0 } && !IsMac && !await HasOllamaUnitAsync(probe))
        {
            if (!socket.CanBeKilled)
                return ShowListeners(socket.EndPoint.Port);
            string sudo = IsOfAnotherUser(socket) ? "sudo " : "";
            return $"{sudo}kill {socket.ProcessId} ; {await BindOllamaAsync(probe)}";
        }
        return await BindOllamaAsync(probe);
    }

    /// <summary>Turns off these entries of Tailscale Serve and no others.</summary>
    public string EndServe(IReadOnlyList<ServeEntry> entries) =>
        string.Join(
            " ; ",
            entries
                .Select(entry =>
                    entry.IsForeground
                        ? "ps ax | grep -E '[t]ailscale (serve|funnel)'"
                        : entry.DisableCommand(Tailscale)
                )
                .Distinct()
        );

    /// <summary>Gives this machine a Tailscale address.</summary>
    public string BringTailscale(TailscaleReading tailscale) =>
        tailscale.Status?.Kind switch
        {
            null when tailscale.IsMissing => IsMac
                ? "brew install --cask tailscale && open -a Tailscale"
                : "curl -fsSL https://tailscale.com/install.sh | sh && sudo tailscale up",
            null => IsMac ? "open -a Tailscale" : $"sudo systemctl enable --now tailscaled && {Tailscale} up",
            TailscaleState.Userspace => LeaveUserspace,
            TailscaleState.LoggedOut or TailscaleState.Stopped => $"{Tailscale} up",
            TailscaleState.AwaitsApproval =>
                $"{(IsMac ? "open" : "xdg-open")} https://login.tailscale.com/admin/machines",
            // Tailscale is starting, or its status names the fault.
            _ => $"{TailscaleWord} status",
        };

    public string StartAgent(AgentLabel label) =>
        $"{BootstrapLine(label)} ; launchctl kickstart {label.ServiceTarget(context.Host.UserId)}";

    /// <summary>Shows which program listens on a port.</summary>
    public string ShowListeners(int port) =>
        context.IsRemote ? RemoteDoctor
        : IsMac ? $"lsof -nP -iTCP:{port} -sTCP:LISTEN"
        : $"ss -ltnp 'sport = :{port}'";

    private string Program => context.Options.Program;

    private bool IsMac => context.Host.Machine.IsMac;

    private InstallPaths Paths => context.Paths;

    private string Upstream => context.Plan.Upstream.ToString();

    private string Serve => $"{OllamaHost.Variable}={Upstream} ollama serve";

    private string TargetHost => ShellWords.Quote(context.Options.Target!.Host);

    private string RemoteDoctor => $"ssh {TargetHost} fastgate doctor";

    private bool HasGateAgent => IsMac && File.Exists(Paths.AgentFile(InstallPaths.FastGateLabel));

    private bool HasGateUnit => !IsMac && Paths.HasUnit;

    private bool HasOllama => context.Host.Runner.Find("ollama") is not null;

    // The daemon of the macOS app refuses root; any other needs it for a change.
    private string Tailscale =>
        IsMac && !File.Exists("/var/run/tailscaled.socket") ? TailscaleWord : $"sudo {TailscaleWord}";

    private string TailscaleWord =>
        context.Host.Runner.Find("tailscale") is not null || TailscalePath is not { } path
            ? "tailscale"
            : ShellWords.Quote(path);

    private async Task<bool> HasOllamaUnitAsync(CheckProbe probe) => (await context.OllamaServiceAsync(probe)).IsLoaded;

    private static bool HasUserspaceFlag()
    {
        try
        {
            return File.Exists(TailscaledDefaults)
                && File.ReadAllText(TailscaledDefaults).Contains(UserspaceFlag, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file cannot be read, so the flag may be set elsewhere.
            return false;
        }
    }

    private bool IsOfAnotherUser(ListeningSocket socket) =>
        context.Host.UserId != 0 && socket.Owner != $"uid {context.Host.UserId}";

    private string BootstrapLine(AgentLabel label) =>
        $"launchctl bootstrap {AgentLabel.DomainTarget(context.Host.UserId)} "
        + ShellWords.Quote(Paths.Short(Paths.AgentFile(label)));
}
