using FastGate.Host;
using FastGate.Host.Servers;
using FastGate.Host.Systemd;
using FastGate.Launchd;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Doctor;

/// <summary>The cures, as commands to paste on the system that is examined. None is ever run from here.</summary>
internal sealed class Fixes(DoctorContext patient)
{
    private const string DropIn = "/etc/systemd/system/ollama.service.d";

    private const string TailscaledDefaults = "/etc/default/tailscaled";
    private const string UserspaceFlag = "--tun=userspace-networking";

    private static readonly string[] UsualTailscale = ["/Applications/Tailscale.app/Contents/MacOS/Tailscale"];

    private string Program => patient.Options.Program;

    private bool IsMac => patient.Site.Machine.IsMac;

    private InstallPaths Places => patient.Places;

    private string Upstream => patient.Plan.Upstream.ToString();

    public string Install => $"{Program} install";

    public string CheckConfig =>
        patient.Config.Path.IsExplicit
            ? $"{Program} check --config {Shell.Word(patient.Config.Path.Path)}"
            : $"{Program} check";

    public string Verbose => $"{Program} doctor --verbose {patient.Description}".TrimEnd();

    public string Warm => $"{Program} warm qwen3:0.6b";

    public string EditConfig =>
        patient.IsRemote
            ? $"ssh {Shell.Word(patient.Options.Target!.Host)} -t '${{EDITOR:-vi}} ~/.config/fastgate/fastgate.json'"
            : $"${{EDITOR:-vi}} {Shell.Word(Places.Short(patient.Config.Path.Path))}";

    /// <summary>Whatever keeps the gate is told to start it anew.</summary>
    public string RestartGate =>
        patient.IsRemote ? $"ssh {Shell.Word(patient.Options.Target!.Host)} fastgate doctor"
        : IsMac && File.Exists(Places.AgentFile(InstallPaths.FastGateLabel))
            ? $"launchctl kickstart -k {InstallPaths.FastGateLabel.ServiceTarget(patient.Site.UserId)}"
        : !IsMac && File.Exists(Places.UnitFile) ? "systemctl --user restart fastgate"
        : Install;

    /// <summary>The gate is kept and ends again and again: starting it once more would help nobody, its log
    /// may.</summary>
    public bool GateFails { get; set; }

    /// <summary>The agent is not loaded, or the unit is not started.</summary>
    public string LoadGate =>
        GateFails ? GateLog
        : IsMac && File.Exists(Places.AgentFile(InstallPaths.FastGateLabel)) ? BootstrapLine(InstallPaths.FastGateLabel)
        : !IsMac && File.Exists(Places.UnitFile) ? Systemctl.Line("enable", "--now", "fastgate")
        : Install;

    public string GateLog =>
        patient.IsRemote ? $"ssh {Shell.Word(patient.Options.Target!.Host)} fastgate doctor"
        : IsMac ? $"tail -n 20 {Shell.Word(Places.Short(Places.OperationalLog))}"
        : "journalctl --user -u fastgate -n 20";

    public string StartOllama =>
        patient.IsRemote ? $"ssh {Shell.Word(patient.Options.Target!.Host)} fastgate doctor"
        : IsMac
            ? (
                File.Exists(Places.AgentFile(InstallPaths.OllamaLabel)) ? StartAgent(InstallPaths.OllamaLabel)
                : File.Exists(Places.AgentFile(InstallPaths.BrewOllamaLabel)) ? "brew services restart ollama"
                : HasOllama ? Install
                : $"brew install ollama && {Install}"
            )
        : HasOllamaUnit ? "sudo systemctl enable --now ollama"
        : HasOllama ? $"{OllamaHost.Variable}={Upstream} ollama serve"
        : "curl -fsSL https://ollama.com/install.sh | sh";

    /// <summary>Where Ollama's own variable is set that lets pages of an origin ask it.</summary>
    public string SetOrigins(string origin) =>
        IsMac ? $"launchctl setenv OLLAMA_ORIGINS {Shell.Word(origin)} ; {StartOllama}"
        : HasOllamaUnit ? $"sudo systemctl edit ollama   # [Service] Environment=OLLAMA_ORIGINS={origin}"
        : $"OLLAMA_ORIGINS={Shell.Word(origin)} {OllamaHost.Variable}={Upstream} ollama serve";

    /// <summary>Ollama is told to hear this machine only, and started anew.</summary>
    public string BindOllama =>
        IsMac ? Install
        : HasOllamaUnit
            ? $"sudo mkdir -p {DropIn} && printf "
                + $"'[Service]\\nEnvironment=\"{OllamaHost.Variable}={Upstream}\"\\n' | sudo "
                + $"tee {DropIn}/loopback.conf && sudo systemctl daemon-reload && sudo systemctl restart ollama"
        : $"{OllamaHost.Variable}={Upstream} ollama serve";

    /// <summary>
    /// The same where it is known which process it is; nothing else would end one that somebody started by hand. Only a
    /// process that is surely Ollama is ended: a port can belong to a daemon of the system that forwards to it.
    /// </summary>
    public string BindOllamaOf(ListeningSocket? socket) =>
        socket switch
        {
            { IsTailscales: true } => $"{Tailscale} serve status",
            { CanBeEnded: true } when !IsMac && !HasOllamaUnit =>
                $"{(IsOthers(socket) ? "sudo " : "")}kill {socket.ProcessId} ; {BindOllama}",
            { Program.Length: > 0, CanBeEnded: false } when !IsMac && !HasOllamaUnit => WhoHas(socket.EndPoint.Port),
            _ => BindOllama,
        };

    public string UpdateOllama =>
        patient.IsRemote
            ? $"ssh {Shell.Word(patient.Options.Target!.Host)} 'brew upgrade ollama || curl -fsSL "
                + $"https://ollama.com/install.sh | sh'"
        : IsMac ? "brew upgrade ollama"
        : "curl -fsSL https://ollama.com/install.sh | sh";

    public string OllamaLog =>
        patient.IsRemote ? $"ssh {Shell.Word(patient.Options.Target!.Host)} fastgate doctor --verbose"
        : IsMac ? $"tail -n 40 {Shell.Word(Places.Short(Places.OllamaLog))}"
        : "journalctl -u ollama -n 40";

    public string InstallTailscale =>
        IsMac
            ? "brew install --cask tailscale && open -a Tailscale"
            : "curl -fsSL https://tailscale.com/install.sh | sh && sudo tailscale up";

    public string TailscaleUp => $"{Tailscale} up";

    public string AcceptDns => $"{Tailscale} set --accept-dns=true";

    /// <summary>Turns off these entries of Tailscale Serve and no others.</summary>
    public string EndServe(IReadOnlyList<ServeEntry> entries) =>
        string.Join(
            " ; ",
            entries
                .Select(entry =>
                    entry.IsForeground ? "ps ax | grep -E '[t]ailscale (serve|funnel)'" : entry.Off(Tailscale)
                )
                .Distinct()
        );

    /// <summary>Tailscale gets a network interface.</summary>
    public string LeaveUserspace =>
        IsMac ? "sudo tailscaled install-system-daemon"
        : HasUserspaceFlag()
            ? $"sudo sed -i 's/{UserspaceFlag}//' {TailscaledDefaults} && sudo systemctl restart tailscaled"
        : $"ps -C tailscaled -o args= ; grep -s FLAGS {TailscaledDefaults}";

    /// <summary>Brings the address that is missing.</summary>
    public string BringTailscale(TailscaleStatus? status) =>
        status?.Kind switch
        {
            null when patient.TailscaleTool.IsMissing => InstallTailscale,
            null => IsMac ? "open -a Tailscale" : $"sudo systemctl enable --now tailscaled && {TailscaleUp}",
            TailscaleState.Userspace => LeaveUserspace,
            TailscaleState.LoggedOut or TailscaleState.Stopped => TailscaleUp,
            TailscaleState.AwaitsApproval =>
                $"{(IsMac ? "open" : "xdg-open")} https://login.tailscale.com/admin/machines",
            // It is on its way, or says itself what is wrong.
            _ => $"{TailscaleWord} status",
        };

    /// <summary>Whether Ollama's own unit is there, as its installer writes it.</summary>
    public bool HasOllamaUnit { get; set; }

    /// <summary>Tailscale's program; null if there is none.</summary>
    public string? TailscaleProgram =>
        patient.Site.Runner.Find("tailscale")
        ?? (IsMac ? UsualTailscale.Select(patient.Site.Runner.Find).FirstOrDefault(path => path is not null) : null);

    // The app's daemon on a Mac refuses root; any other wants it for a change.
    private string Tailscale =>
        IsMac && !File.Exists("/var/run/tailscaled.socket") ? TailscaleWord : $"sudo {TailscaleWord}";

    private string TailscaleWord =>
        patient.Site.Runner.Find("tailscale") is not null || TailscaleProgram is not { } path
            ? "tailscale"
            : Shell.Word(path);

    private static bool HasUserspaceFlag()
    {
        try
        {
            return File.Exists(TailscaledDefaults)
                && File.ReadAllText(TailscaledDefaults).Contains(UserspaceFlag, StringComparison.Ordinal);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            // Then the flag may be anywhere.
            return false;
        }
    }

    private bool IsOthers(ListeningSocket socket) =>
        patient.Site.UserId != 0 && socket.Owner != $"uid {patient.Site.UserId}";

    private bool HasOllama => patient.Site.Runner.Find("ollama") is not null;

    public string StartAgent(AgentLabel label) =>
        $"{BootstrapLine(label)} ; launchctl kickstart {label.ServiceTarget(patient.Site.UserId)}";

    /// <summary>Who listens on a port.</summary>
    public string WhoHas(int port) =>
        patient.IsRemote ? $"ssh {Shell.Word(patient.Options.Target!.Host)} fastgate doctor"
        : IsMac ? $"lsof -nP -iTCP:{port} -sTCP:LISTEN"
        : $"ss -ltnp 'sport = :{port}'";

    private string BootstrapLine(AgentLabel label) =>
        $"launchctl "
        + $"bootstrap {AgentLabel.DomainTarget(patient.Site.UserId)} {Shell.Word(Places.Short(Places.AgentFile(label)))}";
}
