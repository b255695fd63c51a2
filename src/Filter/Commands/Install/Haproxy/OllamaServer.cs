using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>The server that is Ollama, and the frontends that lead to it.</summary>
internal sealed class OllamaServer
{
    // Evidence in points: Ollama's port or routes count more than a name, and a name more than nothing.
    private const int PointsForPort = 4;
    private const int PointsForRoutes = 4;
    private const int PointsForFrontend = 3;
    private const int PointsForName = 2;
    private const int PointsMin = 2;

    /// <summary>A path that no server has, so that only a catch-all forwards it.</summary>
    private const string UnknownPath = "/no/such/route/of/ollama";

    private const string AnyPrefix = "any-name.";
    private const string AnySuffix = ".any-domain.invalid";

    private static readonly (string Method, string Path)[] Routes =
    [
        .. from route in OllamaRoutes.All
        where !route.IsManagement && route.Rule.Path != "/"
        from method in route.Rule.Methods
        from path in SamplePaths.Of(route.Rule)
        select (method, path),
    ];

    private OllamaServer() { }

    /// <summary>Its address in the form of FastGate's config; null if no such server is on this machine without
    /// TLS.</summary>
    public string? Upstream { get; private init; }

    public Server? Server { get; private init; }

    /// <summary>The best candidate, if it is not on this machine or needs TLS.</summary>
    public Server? Remote { get; private init; }

    /// <summary>The backends that contain the server.</summary>
    public IReadOnlySet<string> Backends { get; private init; } = new HashSet<string>();

    /// <summary>The section whose rules are migrated.</summary>
    public ProxySection? Frontend { get; private init; }

    /// <summary>The sections with the same rules, including that one.</summary>
    public IReadOnlyList<ProxySection> Frontends { get; private init; } = [];

    public RequestTracer? Tracer { get; private init; }

    /// <summary>The host names that lines test for, and null for any other.</summary>
    public IReadOnlyList<string?> Hosts { get; private init; } = [null];

    public static OllamaServer Find(ProxySections all, HaproxyContext context)
    {
        var best = (
            from backend in all.Backends.Values
            where !backend.IsDisabled
            from server in backend.Servers
            where server.Host.Length > 0 && !server.IsDisabled
            let rank = server.IsTls || server.GetsProxyHeader ? 0
            : server.IsLocal(context.Addresses) ? 2
            : 1
            let points = Points(all, backend, server, context)
            where points >= PointsMin
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
        RequestTracer tracer = new(all.Backends, goals);
        (ProxySection Entrance, string Reached)[] reached =
        [
            .. from frontend in all.Frontends
            let text = Reached(all, tracer, frontend)
            where text.AsSpan().IndexOfAny('1', '2') >= 0
            orderby text.Sum(letter => letter - '0') descending
            select (frontend, text),
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
            Remote = best.IsFit ? null : best.Server,
            Backends = goals,
            Frontend = first,
            Frontends =
            [
                .. reached.Where(other => other.Reached == reached[0].Reached).Select(other => other.Entrance),
            ],
            Tracer = tracer,
            Hosts = HostsOf(all, first),
        };
    }

    public static SampleRequest RequestOf(ProxySection frontend, string method, string path, string? host) =>
        new(method, path, host)
        {
            // Where both are served, plain requests are usually redirected to TLS.
            IsTls = frontend.Binds.Exists(bind => bind.IsTls),
            Port = frontend.Binds.Count > 0 ? frontend.Binds[0].Port : 0,
        };

    /// <summary>A host name that lines test for, in the form of <c>hosts</c>; null if its end is open.</summary>
    public static string? ToOwnName(string host) =>
        host.EndsWith(AnySuffix, StringComparison.Ordinal) ? null
        : host.StartsWith(AnyPrefix, StringComparison.Ordinal) ? $"*.{host[AnyPrefix.Length..]}"
        : host;

    private static int Points(ProxySections all, ProxySection backend, Server server, HaproxyContext context)
    {
        RequestTracer tracer = new(all.Backends, new HashSet<string> { backend.Name });
        int points = 0;
        foreach (ProxySection frontend in all.Frontends.Where(proxy => !proxy.IsDisabled))
        {
            IReadOnlyList<string?> hosts = HostsOf(all, frontend);
            bool Reaches(string method, string path) =>
                hosts.Any(host => tracer.Trace(frontend, RequestOf(frontend, method, path, host)).Reaches != Truth.No);
            bool hasRoutes = Routes.Any(route => Reaches(route.Method, route.Path));
            if (!hasRoutes && !Prefixed(frontend).Any(route => Reaches(route.Method, route.Path)))
                continue;
            // A catch-all is weaker evidence than Ollama's own routes.
            int frontendPoints = !hasRoutes || Reaches("GET", UnknownPath) ? 1 : PointsForRoutes;
            if (frontend.Binds.Exists(bind => context.OllamaPorts.Contains(bind.Port)))
                frontendPoints += PointsForFrontend;
            points = Math.Max(points, frontendPoints);
        }
        if (points == 0)
            return 0;
        if (context.OllamaPorts.Contains(server.Port))
            points += PointsForPort;
        if (IsOllamaName(backend.Name) || IsOllamaName(server.Name) || IsOllamaName(server.Host))
            points += PointsForName;
        return points;
    }

    private static bool IsOllamaName(string name) => name.Contains("llama", StringComparison.OrdinalIgnoreCase);

    private static bool IsSame(Server left, Server right) =>
        (left.Host, left.Port, left.IsTls) == (right.Host, right.Port, right.IsTls) && !left.IsDisabled;

    // One digit per route: 0 no, 1 maybe, 2 yes.
    private static string Reached(ProxySections all, RequestTracer tracer, ProxySection frontend)
    {
        IReadOnlyList<string?> hosts = HostsOf(all, frontend);
        string text = Digits(Routes.Append(("GET", UnknownPath)));
        return text.AsSpan().IndexOfAny('1', '2') >= 0 ? text : Digits(Prefixed(frontend));

        string Digits(IEnumerable<(string Method, string Path)> routes) =>
            string.Concat(
                routes.Select(route =>
                    (int)
                        hosts.Max(host =>
                            tracer.Trace(frontend, RequestOf(frontend, route.Method, route.Path, host)).Reaches
                        )
                )
            );
    }

    // Ollama's routes behind a path prefix, such as /ollama/api/tags, which HAProxy then strips.
    private static IEnumerable<(string Method, string Path)> Prefixed(ProxySection frontend) =>
        from criterion in frontend.Criteria
        where criterion.IsPath && criterion.Match is "beg" or "dir"
        from value in criterion.Values.Take(20)
        let prefix = value.Trim('/')
        where prefix.Length > 0 && !prefix.Contains(LineSplitter.Unknown)
        from route in Routes
        select (route.Method, $"/{prefix}{route.Path}");

    private static IReadOnlyList<string?> HostsOf(ProxySections all, ProxySection frontend)
    {
        IEnumerable<ProxySection> proxies = frontend
            .Targets.Select(target => all.Backends.GetValueOrDefault(target.Backend))
            .OfType<ProxySection>()
            .Prepend(frontend);
        IEnumerable<string> named =
            from criterion in proxies.SelectMany(proxy => proxy.Criteria)
            where criterion.Fetch.IsHost && criterion.Match is not ("reg" or "len" or "found")
            from value in criterion.Values
            let host = value.Split('/', ':')[0].Trim('.')
            where host.Length > 0 && !host.Contains(LineSplitter.Unknown)
            select criterion.Match switch
            {
                "beg" => value.EndsWith('.') ? $"{host}{AnySuffix}" : host,
                "end" => value.StartsWith('.') ? $"{AnyPrefix}{host}" : host,
                _ => host,
            };
        return [null, .. named.Distinct().Take(20)];
    }
}
