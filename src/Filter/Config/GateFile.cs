namespace FastGate.Config;

/// <summary>
/// The members of a config file or of the command line, each of the right JSON type but not yet interpreted; null if
/// not set. <see cref="GatePlanner"/> interprets them.
/// </summary>
internal sealed record GateFile
{
    public Sourced<IReadOnlyList<ListenerSection>>? Listen { get; init; }

    public Sourced<bool>? Public { get; init; }

    public Sourced<string>? Upstream { get; init; }

    public Sourced<IReadOnlyList<Sourced<string>>>? Allow { get; init; }

    public Sourced<IReadOnlyList<Sourced<string>>>? From { get; init; }

    public Sourced<IReadOnlyList<Sourced<string>>>? Hosts { get; init; }

    public Sourced<string>? Host { get; init; }

    public Sourced<string>? ContentOnGet { get; init; }

    public Sourced<string>? AccessLog { get; init; }

    public Sourced<string>? Backend { get; init; }

    /// <summary>A keyword, or the digits of a number.</summary>
    public Sourced<string>? Poll { get; init; }

    public Sourced<string>? MetricsSocket { get; init; }

    /// <summary>The members that are numbers, by their JSON path: <c>loops</c>, <c>limits.headSeconds</c>.</summary>
    public IReadOnlyDictionary<string, Sourced<double>> Numbers { get; init; } =
        new Dictionary<string, Sourced<double>>();

    /// <summary>Returns these members, overridden by <paramref name="flags"/>. Rules set by a flag apply to every
    /// listener.</summary>
    public GateFile OverriddenBy(GateFile flags) =>
        new()
        {
            Listen = flags.Listen ?? (flags.Allow is null ? Listen : WithoutOwnRules()),
            Public = flags.Public ?? Public,
            Upstream = flags.Upstream ?? Upstream,
            Allow = flags.Allow ?? Allow,
            From = flags.From ?? From,
            Hosts = flags.Hosts ?? Hosts,
            Host = flags.Host ?? Host,
            ContentOnGet = flags.ContentOnGet ?? ContentOnGet,
            AccessLog = flags.AccessLog ?? AccessLog,
            Backend = flags.Backend ?? Backend,
            Poll = flags.Poll ?? Poll,
            MetricsSocket = flags.MetricsSocket ?? MetricsSocket,
            Numbers = Numbers
                .Concat(flags.Numbers)
                .GroupBy(number => number.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value),
        };

    private Sourced<IReadOnlyList<ListenerSection>>? WithoutOwnRules() =>
        Listen is null
            ? null
            : Listen with
            {
                Value = [.. Listen.Value.Select(listener => listener with { Allow = null })],
            };
}

/// <summary>One entry of <c>listen</c>, not yet interpreted. A member that is not set is null.</summary>
internal sealed record ListenerSection
{
    /// <summary>Where to listen: <c>tailscale:11434</c>.</summary>
    public required Sourced<string> On { get; init; }

    /// <summary>Rules of this listener, in place of the top-level ones.</summary>
    public Sourced<IReadOnlyList<Sourced<string>>>? Allow { get; init; }

    /// <summary>Peers of this listener, in place of the top-level ones.</summary>
    public Sourced<IReadOnlyList<Sourced<string>>>? From { get; init; }

    /// <summary>Whether requests such as GET may have content on this listener, in place of the top-level
    /// member.</summary>
    public Sourced<string>? ContentOnGet { get; init; }
}
