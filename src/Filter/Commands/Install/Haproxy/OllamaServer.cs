using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>The server that is Ollama, and the ways to it.</summary>
internal sealed class OllamaServer
{
    // Evidence, in points: Ollama's port or its routes are more than a name, and a name more than nothing.
    private const int ByPort = 4;
    private const int ByRoutes = 4;
    private const int ByEntrance = 3;
    private const int ByName = 2;
    private const int Least = 2;

    /// <summary>No server has such a route, so that only what lets everything through takes it.</summary>
    private const string NoRoute = "/no/such/route/of/ollama";

    private const string AnyBegin = "any-name.";
    private const string AnyEnd = ".any-domain.invalid";

    private static readonly (string Method, string Path)[] Routes =
    [
        .. from route in OllamaRoutes.All
        where !route.IsManagement && route.Rule.Path != "/"
        from method in route.Rule.Methods
        from path in SamplePaths.Of(route.Rule)
        select (method, path),
    ];

    private OllamaServer() { }

    /// <summary>As FastGate's config has it; null if there is none on this machine without TLS.</summary>
    public string? Upstream { get; private init; }

    public Server? Server { get; private init; }

    /// <summary>The best there is, when that is not on this machine or needs TLS.</summary>
    public Server? Foreign { get; private init; }

    /// <summary>The backends that have it.</summary>
    public IReadOnlySet<string> Goals { get; private init; } = new HashSet<string>();

    /// <summary>The section whose rules are taken over.</summary>
    public ProxySection? Entrance { get; private init; }

    /// <summary>It, and those with the same rules.</summary>
    public IReadOnlyList<ProxySection> Entrances { get; private init; } = [];

    public Walk? Walk { get; private init; }

    /// <summary>Names of hosts that lines ask for, and null for any other.</summary>
    public IReadOnlyList<string?> Hosts { get; private init; } = [null];

    public static OllamaServer Find(HaproxyProxies all, HaproxyContext context)
    {
        var best = (
            from backend in all.Backends.Values
            where !backend.IsDisabled
            from server in backend.Servers
            where server.Host.Length > 0 && !server.IsDisabled
            let rank = server.IsTls || server.GetsProxyHeader ? 0
            : server.IsHere(context.Addresses) ? 2
            : 1
            let points = Points(all, backend, server, context)
            where points >= Least
            orderby rank descending, points descending, server.IsBackup
            select (Backend: backend, Server: server, IsFit: rank == 2)
        ).FirstOrDefault();
        if (best.Server is null)
            return new OllamaServer();
        HashSet<string> goals =
        [
            .. all
                .Backends.Values.Where(backend => backend.Servers.Any(server => IsSame(server, best.Server)))
                .Select(backend => backend.Name),
        ];
        Walk walk = new(all.Backends, goals);
        (ProxySection Entrance, string Reached)[] reached =
        [
            .. from entrance in all.Entrances
            let text = Reached(all, walk, entrance)
            where text.AsSpan().IndexOfAny('1', '2') >= 0
            orderby text.Sum(letter => letter - '0') descending
            select (entrance, text),
        ];
        if (reached.Length == 0)
            return new OllamaServer();
        ProxySection first = reached[0].Entrance;
        return new OllamaServer
        {
            Server = best.Server,
            Upstream = best.IsFit
                ? best.Server.ToUpstream(first.Binds.FirstOrDefault()?.Port ?? context.OllamaPorts[0])
                : null,
            Foreign = best.IsFit ? null : best.Server,
            Goals = goals,
            Entrance = first,
            Entrances =
            [
                .. reached.Where(other => other.Reached == reached[0].Reached).Select(other => other.Entrance),
            ],
            Walk = walk,
            Hosts = HostsOf(all, first),
        };
    }

    public static Probe ProbeOf(ProxySection entrance, string method, string path, string? host) =>
        new(method, path, host)
        {
            // Where both are served, plain requests are mostly sent on to TLS.
            IsTls = entrance.Binds.Exists(bind => bind.IsTls),
            Port = entrance.Binds.Count > 0 ? entrance.Binds[0].Port : 0,
        };

    /// <summary>A name that lines ask for, as <c>hosts</c> has it; null if its end is open.</summary>
    public static string? ToOwnName(string host) =>
        host.EndsWith(AnyEnd, StringComparison.Ordinal) ? null
        : host.StartsWith(AnyBegin, StringComparison.Ordinal) ? $"*.{host[AnyBegin.Length..]}"
        : host;

    private static int Points(HaproxyProxies all, ProxySection backend, Server server, HaproxyContext context)
    {
        Walk walk = new(all.Backends, new HashSet<string> { backend.Name });
        int points = 0;
        foreach (ProxySection entrance in all.Entrances.Where(proxy => !proxy.IsDisabled))
        {
            IReadOnlyList<string?> hosts = HostsOf(all, entrance);
            bool Reaches(string method, string path) =>
                hosts.Any(host => walk.Follow(entrance, ProbeOf(entrance, method, path, host)).Reaches != Truth.No);
            bool hasRoutes = Routes.Any(route => Reaches(route.Method, route.Path));
            if (!hasRoutes && !Prefixed(entrance).Any(route => Reaches(route.Method, route.Path)))
                continue;
            // Everything goes there, or just what Ollama has.
            int own = !hasRoutes || Reaches("GET", NoRoute) ? 1 : ByRoutes;
            if (entrance.Binds.Exists(bind => context.OllamaPorts.Contains(bind.Port)))
                own += ByEntrance;
            points = Math.Max(points, own);
        }
        if (points == 0)
            return 0;
        if (context.OllamaPorts.Contains(server.Port))
            points += ByPort;
        if (IsName(backend.Name) || IsName(server.Name) || IsName(server.Host))
            points += ByName;
        return points;
    }

    private static bool IsName(string name) => name.Contains("llama", StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(Server one, Server other) =>
        (one.Host, one.Port, one.IsTls) == (other.Host, other.Port, other.IsTls) && !one.IsDisabled;

    // One digit a route: 0 no, 1 it depends, 2 yes.
    private static string Reached(HaproxyProxies all, Walk walk, ProxySection entrance)
    {
        IReadOnlyList<string?> hosts = HostsOf(all, entrance);
        string text = Digits(Routes.Append(("GET", NoRoute)));
        return text.AsSpan().IndexOfAny('1', '2') >= 0 ? text : Digits(Prefixed(entrance));

        string Digits(IEnumerable<(string Method, string Path)> routes) =>
            string.Concat(
                routes.Select(route =>
                    (int)
                        hosts.Max(host =>
                            walk.Follow(entrance, ProbeOf(entrance, route.Method, route.Path, host)).Reaches
                        )
                )
            );
    }

    // Ollama's routes behind what paths begin with, such as /ollama/api/tags, which HAProxy then takes away.
    private static IEnumerable<(string Method, string Path)> Prefixed(ProxySection entrance) =>
        from criterion in entrance.Criteria
        where criterion.IsPath && criterion.Match is "beg" or "dir"
        from value in criterion.Values.Take(20)
        let prefix = value.Trim('/')
        where prefix.Length > 0 && !prefix.Contains(Words.Unknown)
        from route in Routes
        select (route.Method, $"/{prefix}{route.Path}");

    private static IReadOnlyList<string?> HostsOf(HaproxyProxies all, ProxySection entrance)
    {
        IEnumerable<ProxySection> proxies = entrance
            .Targets.Select(target => all.Backends.GetValueOrDefault(target.Backend))
            .OfType<ProxySection>()
            .Prepend(entrance);
        IEnumerable<string> named =
            from criterion in proxies.SelectMany(proxy => proxy.Criteria)
            where criterion.Fetch.IsHost && criterion.Match is not ("reg" or "len" or "found")
            from value in criterion.Values
            let host = value.Split('/', ':')[0].Trim('.')
            where host.Length > 0 && !host.Contains(Words.Unknown)
            select criterion.Match switch
            {
                "beg" => value.EndsWith('.') ? $"{host}{AnyEnd}" : host,
                "end" => value.StartsWith('.') ? $"{AnyBegin}{host}" : host,
                _ => host,
            };
        return [null, .. named.Distinct().Take(20)];
    }
}
