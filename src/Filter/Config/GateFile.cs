namespace FastGate.Config;

/// <summary>
/// What was said, in a file or with flags: each member well-formed, none of them understood yet. What is null is not
/// said. <see cref="GatePlanner"/> finds out what it means.
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

    public Sourced<string>? GetContent { get; init; }

    public Sourced<string>? AccessLog { get; init; }

    public Sourced<string>? Backend { get; init; }

    public Sourced<string>? MetricsSocket { get; init; }

    /// <summary>By the path of their member: <c>loops</c>, <c>limits.headSeconds</c>.</summary>
    public IReadOnlyDictionary<string, Sourced<double>> Numbers { get; init; } =
        new Dictionary<string, Sourced<double>>();

    /// <summary>The same with what <paramref name="flags"/> say in place of it. Rules of a flag hold for every
    /// listener.</summary>
    public GateFile Under(GateFile flags) =>
        new()
        {
            Listen = flags.Listen ?? (flags.Allow is null ? Listen : WithoutOwnRules()),
            Public = flags.Public ?? Public,
            Upstream = flags.Upstream ?? Upstream,
            Allow = flags.Allow ?? Allow,
            From = flags.From ?? From,
            Hosts = flags.Hosts ?? Hosts,
            Host = flags.Host ?? Host,
            GetContent = flags.GetContent ?? GetContent,
            AccessLog = flags.AccessLog ?? AccessLog,
            Backend = flags.Backend ?? Backend,
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
