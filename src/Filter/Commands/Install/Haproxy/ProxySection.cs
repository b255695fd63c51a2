namespace FastGate.Commands.Install.Haproxy;

/// <summary>A <c>frontend</c>, <c>backend</c> or <c>listen</c> section, with the lines it inherits from its
/// defaults.</summary>
internal sealed class ProxySection
{
    /// <summary>The keywords of a defaults section that affect requests.</summary>
    private static readonly string[] Inherited =
    [
        "mode",
        "acl",
        "http-request",
        "tcp-request",
        "default_backend",
        "default-server",
        "monitor-uri",
        "disabled",
        "stats",
    ];

    private readonly Func<string, string?> _file;
    private readonly List<ProxyRule> _rules = [];
    private readonly List<Target> _targets = [];
    private readonly List<string> _serverDefaults = [];
    private Target? _restTarget;

    private ProxySection(ConfigSection section, Func<string, string?> file) =>
        (Section, _file, Acls) = (section, file, new Acls(file));

    public ConfigSection Section { get; }

    public string Name => Section.Name;

    public Acls Acls { get; }

    public bool IsDisabled { get; private set; }

    /// <summary>Whether it forwards bytes without reading requests.</summary>
    public bool IsTcp { get; private set; }

    /// <summary>Whether it serves a statistics page.</summary>
    public bool HasStatistics { get; private set; }

    /// <summary>Whether it can accept connections.</summary>
    public bool IsFrontend => Section.Kind != "backend";

    public List<Bind> Binds { get; } = [];

    public List<Server> Servers { get; } = [];

    /// <summary>The rules, in the order in which they apply.</summary>
    public IReadOnlyList<ProxyRule> Rules => [.. _rules.OrderBy(rule => rule.Phase)];

    /// <summary>Where requests go; the first target that applies is taken.</summary>
    public IReadOnlyList<Target> Targets => [.. _targets, .. _restTarget is null ? (Target[])[] : [_restTarget]];

    /// <summary>All criteria of the section.</summary>
    public IEnumerable<Criterion> Criteria =>
        Acls.All.Concat(
            _rules
                .Select(rule => rule.Condition)
                .Concat(_targets.Select(target => target.Condition))
                .SelectMany(condition => condition.Terms)
                .SelectMany(term => term)
                .SelectMany(literal => literal.Any)
        );

    /// <summary>Lines that affect requests and were not understood.</summary>
    public List<string> NotUnderstood { get; } = [];

    /// <summary>Lines that were understood but have no counterpart in FastGate.</summary>
    public List<string> NotMigrated { get; } = [];

    /// <param name="section">The section.</param>
    /// <param name="defaults">The defaults that apply to it; null if none do.</param>
    /// <param name="file">The text of a file of values.</param>
    public static ProxySection Of(ConfigSection section, ConfigSection? defaults, Func<string, string?> file)
    {
        ProxySection proxy = new(section, file);
        ConfigLine[] lines =
        [
            .. defaults?.Lines.Where(line => Inherited.Contains(line.Keyword)) ?? [],
            .. section.Lines,
        ];
        // An acl may be defined below its use, and lines of the same name are combined.
        foreach (ConfigLine line in lines.Where(line => line.Keyword == "acl"))
        {
            if (line.Words.Length > 2)
                proxy.Acls.Add(line);
            else
                proxy.NotUnderstood.Add($"{line} (it has no criterion)");
        }
        // The old form: listen NAME ADDRESS:PORT.
        if (section.Heading.Words is [_, _, var address, ..] && address.Contains(':', StringComparison.Ordinal))
            proxy.Binds.AddRange(Bind.Parse(section.Heading, address, [], proxy.NotUnderstood));
        foreach (ConfigLine line in lines)
            proxy.Read(line);
        if (section.Kind == "listen")
            proxy._restTarget ??= new Target(section.Heading, section.Name, Condition.None, IsRest: true);
        return proxy;
    }

    private void Read(ConfigLine line)
    {
        if (!IsFrontend && line.Keyword is ("use_backend" or "default_backend" or "bind"))
        {
            // In a defaults section, which also applies to frontends, this is usual.
            if (Section.Lines.Contains(line))
                NotUnderstood.Add($"{line} (HAProxy ignores it in a backend)");
            return;
        }
        switch (line.Words)
        {
            case ["mode", var mode, ..]:
                IsTcp = mode == "tcp";
                break;
            case ["disabled"]:
                IsDisabled = true;
                break;
            case ["enabled"]:
                IsDisabled = false;
                break;
            case ["bind", var addresses, .. var parameters]:
                Binds.AddRange(Bind.Parse(line, addresses, parameters, NotUnderstood));
                break;
            case ["default-server", .. var words]:
                _serverDefaults.AddRange(words);
                break;
            case ["server" or "server-template", ..]:
                ReadServer(line);
                break;
            case ["use_backend", var backend, ..]:
                ReadTarget(line, backend);
                break;
            case ["default_backend", var backend, ..]:
                _restTarget = new Target(line, backend, Condition.None, IsRest: true);
                break;
            case ["stats", ..]:
                HasStatistics = true;
                break;
            case ["monitor-uri", ..]:
                NotMigrated.Add($"{line} (HAProxy responds to this itself; FastGate does not)");
                break;
            case ["use-server", ..]:
                NotMigrated.Add($"{line} (FastGate has one upstream)");
                break;
            case ["http-response" or "http-after-response", var action, ..]:
                if (action.Contains("header", StringComparison.Ordinal))
                    NotMigrated.Add($"{line} (FastGate changes no response headers)");
                else
                    NotMigrated.Add($"{line} (FastGate does not change responses)");
                break;
            case [
                "dispatch"
                or "reqallow"
                or "reqdeny"
                or "reqpass"
                or "reqtarpit"
                or "reqiallow"
                or "reqideny"
                or "reqipass"
                or "reqitarpit"
                or "reqrep"
                or "reqirep"
                or "errorloc"
                or "filter"
                or "use-fcgi-app",
                ..,
            ]:
                NotUnderstood.Add(line.ToString());
                break;
            default:
                ReadRule(line);
                break;
        }
    }

    private void ReadServer(ConfigLine line)
    {
        if (Server.Parse(line, _serverDefaults) is { } server)
            Servers.Add(server);
        else
            NotUnderstood.Add(line.ToString());
    }

    private void ReadTarget(ConfigLine line, string backend)
    {
        (_, Condition condition) = Condition.Split(line.Words, Acls, line.IsUnsure);
        if (condition.Problem is { } problem)
            NotUnderstood.Add($"{line} ({problem})");
        if (backend.Contains('%', StringComparison.Ordinal) || backend.Contains(LineSplitter.Unknown))
            NotUnderstood.Add($"{line} (HAProxy chooses the backend at run time)");
        _targets.Add(new Target(line, backend, condition, IsRest: false));
    }

    private void ReadRule(ConfigLine line)
    {
        if (ProxyRule.Parse(line, Acls) is not { } rule)
        {
            if (ProxyRule.IsRuleSet(line))
                NotUnderstood.Add(line.ToString());
            return;
        }
        _rules.Add(rule);
        if (rule.Condition.Problem is { } problem)
            NotUnderstood.Add($"{line} ({problem})");
        else if (rule.NotMigratedReason is { } reason)
            NotMigrated.Add($"{line} ({reason})");
    }
}

/// <summary>All sections that receive or forward requests.</summary>
internal sealed class ProxySections
{
    private ProxySections(IReadOnlyList<ProxySection> all)
    {
        All = all;
        // A frontend and a backend may have the same name; requests are forwarded to the backend.
        Backends = all.Where(proxy => proxy.Section.Kind != "frontend")
            .GroupBy(proxy => proxy.Name)
            .ToDictionary(group => group.Key, group => group.First());
    }

    public IReadOnlyList<ProxySection> All { get; }

    public IEnumerable<ProxySection> Frontends => All.Where(proxy => proxy.IsFrontend);

    public IReadOnlyDictionary<string, ProxySection> Backends { get; }

    public static ProxySections Of(IReadOnlyList<ConfigSection> sections, Func<string, string?> file)
    {
        List<ProxySection> all = [];
        ConfigSection? lastDefaults = null;
        foreach (ConfigSection section in sections)
        {
            if (section.Kind == "defaults")
                lastDefaults = section;
            if (section.Kind is not ("frontend" or "backend" or "listen"))
                continue;
            // "frontend x from y" uses the defaults section of that name.
            ConfigSection? defaults = section.Heading.Words is [_, _, "from", var named, ..]
                ? sections.FirstOrDefault(other => other.Kind == "defaults" && other.Name == named)
                : lastDefaults;
            all.Add(ProxySection.Of(section, defaults, file));
        }
        return new ProxySections(all);
    }
}
