namespace FastGate.Config;

/// <summary>
/// What was said, in a file or with flags: each member well-formed, none of them understood yet. What is null is not
/// said. <see cref="GatePlanner"/> finds out what it means.
/// </summary>
internal sealed record GateFile
{
    public Said<IReadOnlyList<SaidListener>>? Listen { get; init; }

    public Said<bool>? Public { get; init; }

    public Said<string>? Upstream { get; init; }

    public Said<IReadOnlyList<Said<string>>>? Allow { get; init; }

    public Said<IReadOnlyList<Said<string>>>? From { get; init; }

    public Said<IReadOnlyList<Said<string>>>? Hosts { get; init; }

    public Said<string>? Host { get; init; }

    public Said<string>? GetContent { get; init; }

    public Said<string>? AccessLog { get; init; }

    public Said<string>? Backend { get; init; }

    public Said<string>? MetricsSocket { get; init; }

    /// <summary>By the path of their member: <c>loops</c>, <c>limits.headSeconds</c>.</summary>
    public IReadOnlyDictionary<string, Said<double>> Numbers { get; init; } = new Dictionary<string, Said<double>>();

    /// <summary>The same with what <paramref name="flags"/> say in place of it. Rules of a flag hold for every listener.</summary>
    public GateFile Under(GateFile flags) => new()
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
        Numbers = Numbers.Concat(flags.Numbers).GroupBy(number => number.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value),
    };

    private Said<IReadOnlyList<SaidListener>>? WithoutOwnRules() => Listen is null
        ? null : Listen with { Value = [.. Listen.Value.Select(listener => listener with { Allow = null })] };
}
