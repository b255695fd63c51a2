using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Says what of a configuration FastGate does not take over, and why.</summary>
internal sealed class LossReport
{
    private readonly List<string> _lost = [];

    /// <param name="all">The sections.</param>
    /// <param name="found">The way to Ollama.</param>
    /// <param name="config">Answers what becomes of a request.</param>
    public LossReport(HaproxyProxies all, OllamaServer found, HaproxyConfig config)
    {
        ProxySection entrance = found.Entrance!;
        ProxySection[] goals = [.. all.Backends.Values.Where(backend => found.Goals.Contains(backend.Name))];
        ProxySection[] onTheWay = [.. found.Entrances.Prepend(entrance).Concat(goals).Distinct()];
        foreach (Bind bind in config.Binds)
            AddBind(bind);
        Target[] targets = [.. found.Entrances.Prepend(entrance).Distinct().SelectMany(proxy => proxy.Targets)];
        foreach (Target target in targets.Where(target => !found.Goals.Contains(target.Backend)))
            AddTarget(all, target);
        foreach (Server server in goals.SelectMany(goal => goal.Servers))
            AddServer(server, found);
        _lost.AddRange(onTheWay.SelectMany(proxy => proxy.Lost));
        AddGuards(config);
        if (entrance.IsTcp || goals.Any(goal => goal.IsTcp))
            _lost.Add($"{entrance.Section.Heading} (mode tcp: HAProxy looks at no request, and passes all of them)");
        foreach (
            ProxySection other in all.Entrances.Where(other => !other.IsDisabled && !found.Entrances.Contains(other))
        )
            _lost.Add(
                LeadsTo(all, other, found)
                    ? $"{other.Section.Heading} (it also leads to Ollama, with other rules{At(other)})"
                    : Elsewhere(other)
            );
        foreach (ProxySection proxy in onTheWay.Where(proxy => proxy.HasStatistics))
            _lost.Add($"{proxy.Section.Heading} (its page of statistics)");
        Lost = [.. _lost.Distinct()];
        Odd =
        [
            .. onTheWay
                .Concat(targets.Select(target => all.Backends.GetValueOrDefault(target.Backend)).OfType<ProxySection>())
                .SelectMany(proxy => proxy.Odd)
                .Distinct(),
        ];
    }

    public IReadOnlyList<string> Lost { get; }

    /// <summary>Lines on the way to Ollama that were not understood.</summary>
    public IReadOnlyList<string> Odd { get; }

    /// <summary>A section that has nothing to do with Ollama.</summary>
    public static string Elsewhere(ProxySection proxy) =>
        proxy.HasStatistics && proxy.Servers.Count == 0 && proxy.Targets.All(target => target.Backend == proxy.Name)
            ? $"{proxy.Section.Heading} (a page of statistics{At(proxy)})"
            : $"{proxy.Section.Heading} (it does not lead to Ollama{At(proxy)})";

    private static string At(ProxySection proxy) =>
        proxy.Binds.Count > 0 ? $", at {string.Join(", ", proxy.Binds.Select(bind => bind.Text))}" : "";

    private static bool LeadsTo(HaproxyProxies all, ProxySection entrance, OllamaServer found) =>
        OllamaRoutes.All.Any(route =>
            route.Rule.Methods.Any(method =>
                SamplePaths
                    .Of(route.Rule)
                    .Any(path =>
                        found.Hosts.Any(host =>
                            new Walk(all.Backends, found.Goals)
                                .Follow(entrance, OllamaServer.ProbeOf(entrance, method, path, host))
                                .Reaches != Truth.No
                        )
                    )
            )
        );

    private void AddBind(Bind bind)
    {
        if (bind.IsTls)
            _lost.Add($"{bind.Line} (TLS: FastGate speaks plain HTTP, so clients have to call it by http://)");
        if (bind.LastPort > 0)
            _lost.Add($"{bind.Line} (of these ports, only {bind.Port})");
    }

    private void AddTarget(HaproxyProxies all, Target target)
    {
        if (!all.Backends.TryGetValue(target.Backend, out ProxySection? backend))
        {
            if (!target.Backend.Contains('%', StringComparison.Ordinal) && !target.Backend.Contains(Words.Unknown))
                _lost.Add($"{target.Line} (there is no backend {target.Backend})");
            return;
        }
        Server[] servers = [.. backend.Servers];
        // One that refuses everything has no server, and nothing is lost with it.
        if (servers.Length > 0)
            _lost.Add(
                $"{target.Line} (leads "
                    + $"to {string.Join(", ", servers.Select(server => server.IsTls ? $"{server.Text} by TLS" : server.Text))}, "
                    + $"which is not this Ollama)"
            );
        else if (backend.HasStatistics)
            _lost.Add($"{target.Line} (a page of statistics)");
        else
            _lost.AddRange(backend.Lost);
    }

    private void AddServer(Server server, OllamaServer found)
    {
        if (found.Upstream is not null && ReferenceEquals(server, found.Server))
            return;
        if (found.Upstream is not null && (server.Host, server.Port) == (found.Server!.Host, found.Server.Port))
            return;
        string reason =
            server.IsTls ? "TLS, which FastGate does not speak to an upstream"
            : ReferenceEquals(server, found.Server ?? found.Foreign) ? "it is on another machine"
            : server.IsDisabled ? "disabled"
            : server.IsBackup ? "a backup; FastGate has one upstream"
            : "FastGate has one upstream";
        _lost.Add($"{server.Line} ({reason})");
    }

    private void AddGuards(HaproxyConfig config)
    {
        IEnumerable<ConfigLine> guards =
            from route in OllamaRoutes.All
            from method in route.Rule.Methods
            from path in SamplePaths.Of(route.Rule)
            from guard in config.Ask(method, path).Guards
            select guard;
        foreach (ConfigLine guard in guards.Distinct())
        {
            // Said already, with its own reason.
            if (!_lost.Exists(said => said.StartsWith($"{guard} (", StringComparison.Ordinal)))
                _lost.Add($"{guard} (it depends on what FastGate does not look at)");
        }
    }
}
