using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Lists what FastGate does not migrate from a configuration, and why.</summary>
internal sealed class MigrationGaps
{
    private readonly List<string> _notMigrated = [];

    /// <param name="all">All sections.</param>
    /// <param name="found">The server that is Ollama, and the sections that lead to it.</param>
    /// <param name="config">The configuration, to follow requests with.</param>
    public MigrationGaps(ProxySections all, OllamaServer found, HaproxyConfig config)
    {
        ProxySection frontend = found.Frontend!;
        ProxySection[] backends = [.. all.Backends.Values.Where(backend => found.Backends.Contains(backend.Name))];
        ProxySection[] onTheWay = [.. found.Frontends.Prepend(frontend).Concat(backends).Distinct()];
        foreach (Bind bind in config.Binds)
            AddBind(bind);
        Target[] targets = [.. found.Frontends.Prepend(frontend).Distinct().SelectMany(proxy => proxy.Targets)];
        foreach (Target target in targets.Where(target => !found.Backends.Contains(target.Backend)))
            AddTarget(all, target);
        foreach (Server server in backends.SelectMany(backend => backend.Servers))
            AddServer(server, found);
        _notMigrated.AddRange(onTheWay.SelectMany(proxy => proxy.NotMigrated));
        AddGuards(config);
        if (frontend.IsTcp || backends.Any(backend => backend.IsTcp))
            _notMigrated.Add(
                $"{frontend.Section.Heading} (mode tcp: HAProxy forwards every request without reading it)"
            );
        foreach (
            ProxySection other in all.Frontends.Where(other => !other.IsDisabled && !found.Frontends.Contains(other))
        )
            _notMigrated.Add(
                LeadsTo(all, other, found)
                    ? $"{other.Section.Heading} (also leads to Ollama, with different rules{AddressesOf(other)})"
                    : NotToOllama(other)
            );
        foreach (ProxySection proxy in onTheWay.Where(proxy => proxy.HasStatistics))
            _notMigrated.Add($"{proxy.Section.Heading} (its statistics page)");
        NotMigrated = [.. _notMigrated.Distinct()];
        NotUnderstood =
        [
            .. onTheWay
                .Concat(targets.Select(target => all.Backends.GetValueOrDefault(target.Backend)).OfType<ProxySection>())
                .SelectMany(proxy => proxy.NotUnderstood)
                .Distinct(),
        ];
    }

    public IReadOnlyList<string> NotMigrated { get; }

    /// <summary>Lines on the way to Ollama that were not understood.</summary>
    public IReadOnlyList<string> NotUnderstood { get; }

    /// <summary>Describes a section that does not lead to Ollama.</summary>
    public static string NotToOllama(ProxySection proxy) =>
        proxy.HasStatistics && proxy.Servers.Count == 0 && proxy.Targets.All(target => target.Backend == proxy.Name)
            ? $"{proxy.Section.Heading} (a statistics page{AddressesOf(proxy)})"
            : $"{proxy.Section.Heading} (does not lead to Ollama{AddressesOf(proxy)})";

    private static string AddressesOf(ProxySection proxy) =>
        proxy.Binds.Count > 0 ? $", at {string.Join(", ", proxy.Binds.Select(bind => bind.Text))}" : "";

    private static bool LeadsTo(ProxySections all, ProxySection frontend, OllamaServer found) =>
        OllamaRoutes.All.Any(route =>
            route.Rule.Methods.Any(method =>
                SamplePaths
                    .Of(route.Rule)
                    .Any(path =>
                        found.Hosts.Any(host =>
                            new RequestTracer(all.Backends, found.Backends)
                                .Trace(frontend, OllamaServer.RequestOf(frontend, method, path, host))
                                .Reaches != Truth.No
                        )
                    )
            )
        );

    private void AddBind(Bind bind)
    {
        if (bind.IsTls)
            _notMigrated.Add($"{bind.Line} (TLS: FastGate supports only plain HTTP, so clients have to use http://)");
        if (bind.LastPort > 0)
            _notMigrated.Add($"{bind.Line} (only port {bind.Port} of this range)");
    }

    private void AddTarget(ProxySections all, Target target)
    {
        if (!all.Backends.TryGetValue(target.Backend, out ProxySection? backend))
        {
            if (
                !target.Backend.Contains('%', StringComparison.Ordinal)
                && !target.Backend.Contains(LineSplitter.Unknown)
            )
                _notMigrated.Add($"{target.Line} (unknown backend {target.Backend})");
            return;
        }
        Server[] servers = [.. backend.Servers];
        // A backend that refuses everything has no server, so nothing is lost.
        if (servers.Length > 0)
        {
            string others = string.Join(
                ", ",
                servers.Select(server => server.IsTls ? $"{server.Text} over TLS" : server.Text)
            );
            _notMigrated.Add($"{target.Line} (leads to {others}, which is not this Ollama)");
        }
        else if (backend.HasStatistics)
            _notMigrated.Add($"{target.Line} (a statistics page)");
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
            server.IsTls ? "TLS, which FastGate does not support for an upstream"
            : ReferenceEquals(server, found.Server ?? found.Remote) ? "on another machine"
            : server.IsDisabled ? "disabled"
            : server.IsBackup ? "a backup server; FastGate has one upstream"
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
            // Already listed, with a more specific reason.
            if (!_notMigrated.Exists(line => line.StartsWith($"{guard} (", StringComparison.Ordinal)))
                _notMigrated.Add($"{guard} (depends on conditions that FastGate does not check)");
        }
    }
}
