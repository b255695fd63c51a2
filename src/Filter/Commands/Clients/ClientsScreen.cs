using FastGate.Commands.Shared;

namespace FastGate.Commands.Clients;

/// <summary>Prints the gate's URLs, and the settings of clients filled in for this machine.</summary>
internal sealed class ClientsScreen(Terminal terminal, ClientReport report)
{
    private const int Indent = 2;

    // In place of a host that is not known yet.
    private const string NoAuthority = ClientSetting.Host;

    /// <summary>Prints all of it: every setting of each client, and what its refused requests cost.</summary>
    public void Show()
    {
        ShowUrls();
        foreach (ClientAccess access in report.Clients)
        {
            terminal.Out.WriteLine();
            ShowHeading(access);
            ShowRefused(access);
            foreach (ClientSetting setting in access.Client.Settings)
                ShowSetting(access, setting);
            if (access.Client.Note is { } note)
                terminal.Paragraph(Terminal.Plain(note), Indent);
        }
        ShowModelNote();
    }

    /// <summary>Prints the URLs, and one setting for each client.</summary>
    public void ShowShort()
    {
        ShowUrls();
        foreach (ClientAccess access in report.Clients)
        {
            terminal.Out.WriteLine();
            ShowHeading(access);
            if (access.Outcome == ClientOutcome.Refused)
                ShowRefused(access);
            ShowSetting(access, access.Client.Settings[0]);
        }
        ShowModelNote();
    }

    private void ShowUrls()
    {
        if (report.Urls.Count == 0)
        {
            terminal.Paragraph(
                $"{Palette.Caution("This machine has no address for")} {Terminal.Plain(report.Listens)} now: clients "
                    + "cannot connect. Start Tailscale, or set \"listen\". In the settings, HOST is the name of this "
                    + "machine."
            );
            return;
        }
        terminal.Line("[bold]Clients use[/]");
        foreach (GateUrl url in report.Urls)
            terminal.Out.WriteLine(
                $"  {TerminalText.Text(url.ToString())}{(url.IsLocal ? "  (this machine only)" : "")}"
            );
    }

    private void ShowHeading(ClientAccess access)
    {
        string state = access.Outcome switch
        {
            ClientOutcome.Allowed => Palette.Good("allowed"),
            ClientOutcome.Partly => Palette.Caution("works, with some requests refused"),
            _ => Palette.Bad("refused"),
        };
        terminal.Line($"[bold]{Terminal.Plain(access.Client.Title)}[/] [dim]({access.Client.Id})[/]  {state}");
    }

    private void ShowRefused(ClientAccess access)
    {
        if (access.IsForeignHost)
            terminal.Paragraph(
                $"The gate does not accept {Terminal.Plain(TerminalText.Text(access.Url!.Host))} as a name of this "
                    + $"machine: add it to \"hosts\" in {Terminal.Plain(TerminalText.Prose(report.ConfigPath))}.",
                Indent
            );
        if (access.Add.Count == 0)
            return;
        IEnumerable<string> refused = access.Missing.Concat(access.Optional);
        string cost = access is { Outcome: ClientOutcome.Partly, Client.Without: { } without } ? $"; {without}" : "";
        terminal.Paragraph(Terminal.Plain($"Refused: {string.Join(", ", refused)}{cost}."), Indent);
        terminal.Paragraph(
            Terminal.Plain($"To allow all of it, add to \"allow\" in {TerminalText.Prose(report.ConfigPath)}:"),
            Indent
        );
        terminal.ToCopy(Indent * 2, [string.Join(", ", access.Add.Select(line => $"\"{line}\""))]);
    }

    private void ShowSetting(ClientAccess access, ClientSetting setting)
    {
        string authority = access.Url is { } url ? TerminalText.Text(url.Authority) : NoAuthority;
        if (setting.Place is not null || access.Client.Settings.Count > 1)
            terminal.Paragraph(Terminal.Plain($"{setting.Label}:"), Indent);
        string[] lines = setting.Text(authority).Split('\n');
        // Only a shell has a continuation character.
        bool isWrapped = setting.Language == "sh" && lines.Length == 1 && terminal.IsLive;
        terminal.ToCopy(Indent * 2, isWrapped ? WordWrap.Command(lines[0], terminal.Width - (Indent * 2)) : lines);
    }

    private void ShowModelNote()
    {
        if (!report.Clients.Any(access => access.Client.Settings.Any(setting => setting.NamesModel)))
            return;
        terminal.Out.WriteLine();
        terminal.Paragraph("MODEL is a name that \"ollama list\" shows on this machine.");
    }
}
