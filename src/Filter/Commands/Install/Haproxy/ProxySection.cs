namespace FastGate.Commands.Install.Haproxy;

/// <summary>A <c>frontend</c>, <c>backend</c> or <c>listen</c> with what it has from its defaults.</summary>
internal sealed class ProxySection
{
    /// <summary>Lines of defaults that decide about requests.</summary>
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
    private Target? _rest;

    private ProxySection(ConfigSection section, Func<string, string?> file) =>
        (Section, _file, Acls) = (section, file, new Acls(file));

    public ConfigSection Section { get; }

    public string Name => Section.Name;

    public Acls Acls { get; }

    public bool IsDisabled { get; private set; }

    /// <summary>It passes bytes and looks at no request.</summary>
    public bool IsTcp { get; private set; }

    /// <summary>Statistics are what it is for, or a part of it.</summary>
    public bool HasStatistics { get; private set; }

    /// <summary>Accepts connections.</summary>
    public bool IsEntrance => Section.Kind != "backend";

    public List<Bind> Binds { get; } = [];

    public List<Server> Servers { get; } = [];

    /// <summary>In the order in which they are asked.</summary>
    public IReadOnlyList<ProxyRule> Rules => [.. _rules.OrderBy(rule => rule.Phase)];

    /// <summary>Where requests go, the first that holds.</summary>
    public IReadOnlyList<Target> Targets => [.. _targets, .. _rest is null ? (Target[])[] : [_rest]];

    /// <summary>All tests in it.</summary>
    public IEnumerable<Criterion> Criteria =>
        Acls.All.Concat(
            _rules
                .Select(rule => rule.Condition)
                .Concat(_targets.Select(target => target.Condition))
                .SelectMany(condition => condition.Terms)
                .SelectMany(term => term)
                .SelectMany(literal => literal.Any)
        );

    /// <summary>Lines that decide something and are not understood.</summary>
    public List<string> Odd { get; } = [];

    /// <summary>Lines that are understood, and have nothing in FastGate in their place.</summary>
    public List<string> Lost { get; } = [];

    /// <param name="section">The section itself.</param>
    /// <param name="defaults">The defaults that hold for it; null if there are none.</param>
    /// <param name="file">The text of a file of values.</param>
    public static ProxySection Of(ConfigSection section, ConfigSection? defaults, Func<string, string?> file)
    {
        ProxySection proxy = new(section, file);
        ConfigLine[] lines =
        [
            .. defaults?.Lines.Where(line => Inherited.Contains(line.Keyword)) ?? [],
            .. section.Lines,
        ];
        // An acl may stand below its use; tests of one name are added up first.
        foreach (ConfigLine line in lines.Where(line => line.Keyword == "acl"))
        {
            if (line.Words.Length > 2)
                proxy.Acls.Add(line);
            else
                proxy.Odd.Add($"{line} (it tests nothing)");
        }
        // The old form: listen NAME ADDRESS:PORT.
        if (section.Heading.Words is [_, _, var address, ..] && address.Contains(':', StringComparison.Ordinal))
            proxy.Binds.AddRange(Bind.Parse(section.Heading, address, [], proxy.Odd));
        foreach (ConfigLine line in lines)
            proxy.Read(line);
        if (section.Kind == "listen")
            proxy._rest ??= new Target(section.Heading, section.Name, Condition.None, IsRest: true);
        return proxy;
    }

    private void Read(ConfigLine line)
    {
        if (!IsEntrance && line.Keyword is ("use_backend" or "default_backend" or "bind"))
        {
            // Of defaults, which hold for frontends too, that is usual.
            if (Section.Lines.Contains(line))
                Odd.Add($"{line} (a backend sends nothing on, so HAProxy ignores it)");
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
                Binds.AddRange(Bind.Parse(line, addresses, parameters, Odd));
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
                _rest = new Target(line, backend, Condition.None, IsRest: true);
                break;
            case ["stats", ..]:
                HasStatistics = true;
                break;
            case ["monitor-uri", ..]:
                Lost.Add($"{line} (HAProxy answers this itself, FastGate does not)");
                break;
            case ["use-server", ..]:
                Lost.Add($"{line} (FastGate has one upstream)");
                break;
            case ["http-response" or "http-after-response", var action, ..]:
                if (action.Contains("header", StringComparison.Ordinal))
                    Lost.Add($"{line} (FastGate changes no header of an answer)");
                else
                    Lost.Add($"{line} (FastGate changes no answer)");
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
                Odd.Add(line.ToString());
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
            Odd.Add(line.ToString());
    }

    private void ReadTarget(ConfigLine line, string backend)
    {
        (_, Condition condition) = Condition.Split(line.Words, Acls, line.IsUnsure);
        if (condition.Problem is { } problem)
            Odd.Add($"{line} ({problem})");
        if (backend.Contains('%', StringComparison.Ordinal) || backend.Contains(Words.Unknown))
            Odd.Add($"{line} (the backend is found while HAProxy runs)");
        _targets.Add(new Target(line, backend, condition, IsRest: false));
    }

    private void ReadRule(ConfigLine line)
    {
        if (ProxyRule.Parse(line, Acls) is not { } rule)
        {
            if (ProxyRule.IsRuleSet(line))
                Odd.Add(line.ToString());
            return;
        }
        _rules.Add(rule);
        if (rule.Condition.Problem is { } problem)
            Odd.Add($"{line} ({problem})");
        else if (rule.Lost is { } reason)
            Lost.Add($"{line} ({reason})");
    }
}
