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
    private const int HeadWidth = 12;

    public static void Write(Terminal terminal, ConfigResult config, Machine machine)
    {
        GatePlan plan = config.Plan!;
        Head("Config", machine.Short(config.Path.Path) + (config.FileExists ? "" : " (not found; using defaults)"));
        Head("Upstream", plan.Upstream.ToString());
        Head("Access log", machine.Short(plan.AccessLog ?? "off"));
        Head(
            "Metrics",
            machine.Short(plan.MetricsSocket ?? "off")
                + (plan.MetricsPort == 0 ? "" : $", http://127.0.0.1:{plan.MetricsPort}/metrics")
        );
        Head("Hosts", TerminalText.Cut(HostsOf(plan), ListLengthMax));
        foreach (PlannedListener listener in plan.Listeners)
            Write(terminal, listener, machine);
        terminal.Line("");
        foreach (string warning in ProblemList.Lines(config.Warnings))
            terminal.Labeled(Palette.Caution("warning"), 8, Terminal.Plain(warning));
        terminal.Line(
            config.Warnings.Count == 0
                ? Palette.Good("The config is valid.")
                : $"{Palette.Good("The config is valid")}; warnings: {config.Warnings.Count}."
        );

        void Head(string name, string text) => terminal.Labeled($"[bold]{name}[/]", HeadWidth, Terminal.Plain(text));
    }

    private static void Write(Terminal terminal, PlannedListener listener, Machine machine)
    {
        ListenAddress address = listener.Options.Address;
        IReadOnlyList<IPEndPoint> bound = ListenPlan.Endpoints(address, machine.Interfaces);
        IReadOnlyList<AddressRange> from = listener.Options.From ?? ListenPlan.DefaultFrom(address, machine.Interfaces);
        terminal.Line("");
        terminal.Line($"[bold]{Terminal.Plain(address.ToString())}[/]");
        terminal.Labeled(
            "  would bind: ",
            "  would bind: ".Length,
            bound.Count == 0
                ? "nothing now; the gate would wait until the address exists"
                : Terminal.Plain(string.Join(", ", bound))
        );
        string ranges = TerminalText.Cut(string.Join(", ", from), ListLengthMax);
        terminal.Labeled("  may connect: ", "  may connect: ".Length, Terminal.Plain(ranges));
        foreach (string family in MissingFamilies(address, bound, from))
            terminal.Labeled(
                $"  {Palette.Caution("note")} ",
                "  note ".Length,
                $"\"from\" has no {family} range, so no client can connect over {family}"
            );
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
