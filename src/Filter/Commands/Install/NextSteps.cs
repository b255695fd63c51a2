using FastGate.Commands.Clients;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Listening;

namespace FastGate.Commands.Install;

/// <summary>Prints what to do after an installation: settings of clients, paths, and who may connect.</summary>
internal sealed class NextSteps(Terminal terminal, InstallPaths paths)
{
    private const int LabelWidth = 9;

    /// <summary>Prints the URL and the settings of the clients that were chosen.</summary>
    public void ShowClients(ClientReport report)
    {
        terminal.Out.WriteLine();
        new ClientsScreen(terminal, report).ShowShort();
        terminal.Paragraph(
            report.Clients.Count == 0
                ? "Settings for Claude Code, Codex, the SDKs and others: fastgate clients"
                : "Other clients, and more settings of these: fastgate clients"
        );
    }

    /// <summary>Prints the installed paths and the Tailscale access rules.</summary>
    public void ShowRest(HostEnvironment environment, GatePlan plan)
    {
        string folder = Path.GetDirectoryName(paths.Program)!;
        bool isOnPath = environment.SearchPath.Split(':').Contains(folder);
        terminal.Out.WriteLine();
        terminal.Labeled(
            "Program",
            LabelWidth,
            Terminal.Plain(
                TerminalText.Prose(paths.Short(paths.Program))
                    + (isOnPath ? "" : $" (not on your PATH; run export PATH=\"{TerminalText.Prose(folder)}:$PATH\")")
            )
        );
        terminal.Labeled("Config", LabelWidth, Terminal.Plain(TerminalText.Prose(paths.Short(paths.Config))));
        terminal.Labeled("Logs", LabelWidth, Terminal.Plain(TerminalText.Prose(paths.Short(paths.LogFolder)) + "/"));
        terminal.Labeled("Undo", LabelWidth, "fastgate uninstall");
        terminal.Labeled(
            "Shell",
            LabelWidth,
            Terminal.Plain(
                "completion in new shells of bash and fish; for zsh, add this before compinit in ~/.zshrc: "
                    + $"fpath=({TerminalText.Prose(paths.Short(Path.GetDirectoryName(paths.ZshCompletion)!))} $fpath)"
            )
        );
        if (plan.Listeners.Any(listener => listener.Options.Address.Kind == ListenKind.Tailscale))
            ShowTailscale(environment, plan);
    }

    private void ShowTailscale(HostEnvironment environment, GatePlan plan)
    {
        TailscaleGrants grants = new(plan, environment.Machine);
        terminal.Out.WriteLine();
        terminal.Paragraph(
            "Tailscale decides who can connect. Paste one of these into its access controls "
                + "(https://login.tailscale.com/admin/acls), and remove any broader rule, such as the default one of a "
                + "new tailnet."
        );
        terminal.Out.WriteLine();
        terminal.Paragraph("By user: the devices of the people in a group, with no tag to assign.");
        terminal.ToCopy(2, grants.ByGroup.Split('\n'));
        terminal.Out.WriteLine();
        terminal.Paragraph("By tag: tag this machine ai-server, and each client ai-client.");
        terminal.ToCopy(2, grants.ByTag.Split('\n'));
    }
}
