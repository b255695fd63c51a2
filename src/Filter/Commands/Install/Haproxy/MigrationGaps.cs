using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Says what of a configuration FastGate does not take over, and why.</summary>
internal sealed class MigrationGaps
{
    private readonly List<string> _notMigrated = [];

    /// <param name="all">The sections.</param>
    /// <param name="found">The way to Ollama.</param>
    /// <param name="config">Answers what becomes of a request.</param>
    public MigrationGaps(ProxySections all, OllamaServer found, HaproxyConfig config)
    {
        ProxySection entry = found.Entrance!;
        ProxySection[] goals = [.. all.Backends.Values.Where(backend => found.Goals.Contains(backend.Name))];
        ProxySection[] onTheWay = [.. goals.Prepend(entry).Distinct()];
        foreach (Bind bind in config.Binds)
            AddBind(bind);
        foreach (Target target in entry.Targets.Where(target => !found.Goals.Contains(target.Backend)))
            AddTarget(all, target);
        foreach (Server server in goals.SelectMany(goal => goal.Servers))
            AddServer(server, found);
        _notMigrated.AddRange(onTheWay.SelectMany(proxy => proxy.NotMigrated));
        AddGuards(config);
        if (entry.IsTcp || goals.Any(goal => goal.IsTcp))
            _notMigrated.Add(
                $"{entry.Section.Heading} (mode tcp: HAProxy looks at no request, and passes all of them)"
            );
        foreach (
            ProxySection other in all.Entrances.Where(other => !other.IsDisabled && !found.Entrances.Contains(other))
        )
            _notMigrated.Add(
                LeadsTo(all, other, found)
                    ? $"{other.Section.Heading} (it also leads to Ollama, with other rules{At(other)})"
                    : Elsewhere(other)
            );
        foreach (ProxySection proxy in onTheWay.Where(proxy => proxy.HasStatistics))
            _notMigrated.Add($"{proxy.Section.Heading} (its page of statistics)");
        NotMigrated = [.. _notMigrated.Distinct()];
        NotUnderstood =
        [
            .. onTheWay
                .Concat(
                    entry
                        .Targets.Select(target => all.Backends.GetValueOrDefault(target.Backend))
                        .OfType<ProxySection>()
                )
                .SelectMany(proxy => proxy.NotUnderstood)
                .Distinct(),
        ];
    }

    public IReadOnlyList<string> NotMigrated { get; }

    /// <summary>Lines on the way to Ollama that were not understood.</summary>
    public IReadOnlyList<string> NotUnderstood { get; }

    /// <summary>A section that has nothing to do with Ollama.</summary>
    public static string Elsewhere(ProxySection proxy) =>
        proxy.HasStatistics && proxy.Servers.Count == 0 && proxy.Targets.All(target => target.Backend == proxy.Name)
            ? $"{proxy.Section.Heading} (a page of statistics{At(proxy)})"
            : $"{proxy.Section.Heading} (it does not lead to Ollama{At(proxy)})";

    private static string At(ProxySection proxy) =>
        proxy.Binds.Count > 0 ? $", at {string.Join(", ", proxy.Binds.Select(bind => bind.Text))}" : "";

    private static bool LeadsTo(ProxySections all, ProxySection entry, OllamaServer found) =>
        OllamaRoutes.All.Any(route =>
            route.Rule.Methods.Any(method =>
                SamplePaths
                    .Of(route.Rule)
                    .Any(path =>
                        found.Hosts.Any(host =>
                            new RequestTracer(all.Backends, found.Goals)
                                .Trace(entry, OllamaServer.RequestOf(entry, method, path, host))
                                .Reaches != Truth.No
                        )
                    )
            )
        );

    private void AddBind(Bind bind)
    {
        if (bind.IsTls)
            _notMigrated.Add($"{bind.Line} (TLS: FastGate speaks plain HTTP, so clients have to call it by http://)");
        if (bind.LastPort > 0)
            _notMigrated.Add($"{bind.Line} (of these ports, only {bind.Port})");
    }

    private void AddTarget(ProxySections all, Target target)
    {
        if (!all.Backends.TryGetValue(target.Backend, out ProxySection? backend))
        {
            if (
                !target.Backend.Contains('%', StringComparison.Ordinal)
                && !target.Backend.Contains(LineSplitter.Unknown)
            )
                _notMigrated.Add($"{target.Line} (there is no backend {target.Backend})");
            return;
        }
        Server[] servers = [.. backend.Servers];
        // One that refuses everything has no server, and nothing is lost with it.
        if (servers.Length > 0)
            _notMigrated.Add(
                $"{target.Line} (leads "
                    + $"to {string.Join(", ", servers.Select(server => server.IsTls ? $"{server.Text} by TLS" : server.Text))}, "
                    + $"which is not this Ollama)"
            );
        else if (backend.HasStatistics)
            _notMigrated.Add($"{target.Line} (a page of statistics)");
        else
            _notMigrated.AddRange(backend.NotMigrated);
    }

    private void AddServer(Server server, OllamaServer found)
    {
        if (found.Upstream is not null && ReferenceEquals(server, found.Server))
            return;
        if (found.Upstream is not null && (server.Host, server.Port) == (found.Server!.Host, found.Server.Port))
            return;
        string reason =
            server.IsTls ? "TLS, which FastGate does not speak to an upstream"
            : ReferenceEquals(server, found.Server ?? found.Remote) ? "it is on another machine"
            : server.IsDisabled ? "disabled"
            : server.IsBackup ? "a backup; FastGate has one upstream"
            : "FastGate has one upstream";
        _notMigrated.Add($"{server.Line} ({reason})");
    }

    private void AddGuards(HaproxyConfig config)
    {
        IEnumerable<ConfigLine> guards =
            from route in OllamaRoutes.All
            from method in route.Rule.Methods
            from path in SamplePaths.Of(route.Rule)
            from guard in config.Trace(method, path).Guards
            select guard;
        foreach (ConfigLine guard in guards.Distinct())
        {
            // Said already, with its own reason.
            if (!_notMigrated.Exists(said => said.StartsWith($"{guard} (", StringComparison.Ordinal)))
                _notMigrated.Add($"{guard} (it depends on what FastGate does not look at)");
        }
    }
}
