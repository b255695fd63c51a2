using System.Net;
using System.Net.Sockets;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Commands.Check;

/// <summary>Shows the effect of a valid config on this machine.</summary>
internal static class ConfigReport
{
    /// <summary>More rules, names and ranges than a person reads are counted: a config of 1 MiB can have
    /// 116,000.</summary>
    internal const int RulesMax = 1000;

    private const int ListLengthMax = 4000;

    public static void Write(Terminal terminal, ConfigResult config, Machine machine)
    {
        GatePlan plan = config.Plan!;
        terminal.Line(
            $"[bold]Config[/]      {Terminal.Plain(config.Path.Path)}"
                + (config.FileExists ? "" : " (not found; using defaults)")
        );
        terminal.Line($"[bold]Upstream[/]    {Terminal.Plain(plan.Upstream.ToString())}");
        terminal.Line($"[bold]Access log[/]  {Terminal.Plain(plan.AccessLog ?? "off")}");
        terminal.Line(
            $"[bold]Metrics[/]     {Terminal.Plain(plan.MetricsSocket ?? "off")}"
                + (plan.MetricsPort == 0 ? "" : $", http://127.0.0.1:{plan.MetricsPort}/metrics")
        );
        terminal.Line($"[bold]Hosts[/]       {Terminal.Plain(TerminalText.Cut(HostsOf(plan), ListLengthMax))}");
        foreach (PlannedListener listener in plan.Listeners)
            Write(terminal, listener, machine);
        terminal.Line("");
        foreach (string warning in ProblemList.Lines(config.Warnings))
            terminal.Line($"[yellow]warning[/] {Terminal.Plain(warning)}");
        terminal.Line(
            config.Warnings.Count == 0
                ? "[green]The config is valid.[/]"
                : $"[green]The config is valid[/]; warnings: {config.Warnings.Count}."
        );
    }

    private static void Write(Terminal terminal, PlannedListener listener, Machine machine)
    {
        ListenAddress address = listener.Options.Address;
        IReadOnlyList<IPEndPoint> bound = ListenPlan.Endpoints(address, machine.Interfaces);
        IReadOnlyList<AddressRange> from = listener.Options.From ?? ListenPlan.DefaultFrom(address, machine.Interfaces);
        terminal.Line("");
        terminal.Line($"[bold]{Terminal.Plain(address.ToString())}[/]");
        terminal.Line(
            bound.Count == 0
                ? "  would bind: nothing now; the gate would wait until the address exists"
                : $"  would bind: {Terminal.Plain(string.Join(", ", bound))}"
        );
        string ranges = TerminalText.Cut(string.Join(", ", from), ListLengthMax);
        terminal.Line($"  may connect: {Terminal.Plain(ranges)}");
        foreach (string family in MissingFamilies(address, bound, from))
            terminal.Line($"  [yellow]note[/] \"from\" has no {family} range, so no client can connect over {family}");
        RuleSet rules = listener.Options.Policy.Rules;
        terminal.Rows(
            ["METHODS", "PATH", "SOURCE"],
            rules
                .Items.Take(RulesMax)
                .Select(
                    (rule, index) => (string[])[string.Join(',', rule.Methods), rule.Path, listener.OriginOf(index)]
                )
        );
        if (rules.Count > RulesMax)
            terminal.Line($"  … and {rules.Count - RulesMax} more rules.");
    }

    /// <summary>Returns the address families that the listener binds but that no client may connect from. Tailscale
    /// assigns an address of each family.</summary>
    private static IEnumerable<string> MissingFamilies(
        ListenAddress listen,
        IReadOnlyList<IPEndPoint> bound,
        IReadOnlyList<AddressRange> from
    )
    {
        AddressFamily[] both = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];
        IEnumerable<AddressFamily> binds =
            bound.Count == 0 && listen.Kind == ListenKind.Tailscale
                ? both
                : bound.Select(endPoint => endPoint.AddressFamily).Distinct();
        return binds
            .Where(family => from.All(range => range.Family != family))
            .Select(family => family == AddressFamily.InterNetwork ? "IPv4" : "IPv6");
    }

    private static string HostsOf(GatePlan plan)
    {
        if (plan.Listeners.Any(listener => listener.Options.Policy.PreserveHost))
            return "any name, forwarded unchanged";
        string names = string.Join(", ", plan.Hosts.Where(name => name.Length > 0));
        return $"{HostNames.DefaultNames}, {names}";
    }
}
