using FastGate.Bench.Children;
using FastGate.Bench.Report;

namespace FastGate.Bench;

/// <summary>What FastGate should reach, compared with the other subjects of the same run.</summary>
internal static class Targets
{
    // As good as another row of FastGate: two equal programs differ by as much from run to run.
    private const double Same = 1.05;

    private static readonly Target[] All =
    [
        Target.Maximum("exchange, pinned to one core: added p50, µs", 1.10, Peers.Floor),
        Target.Maximum("exchange, pinned to one core: added p50, µs", 0.5, Peers.HaProxy),
        Target.Maximum("exchange, pinned to one core: added p50, µs", 0.85, Peers.Nginx),
        Target.Maximum("exchange, pinned to one core: added p99, µs", 1.5, Peers.Floor),
        Target.Maximum("exchange, pinned to one core: added p99, µs", 1, [.. Peers.Others]),
        Target.Maximum("exchange, not pinned: whole p50, µs", 0.6, Peers.Floor),
        Target.Maximum("exchange, not pinned: whole p50, µs", 0.5, Peers.HaProxy),
        Target.Maximum("exchange, on two cores: whole p50, µs", 0.6, Peers.Floor),
        Target.Maximum("exchange, on two cores: whole p50, µs", 0.5, Peers.HaProxy),
        Target.Maximum("exchange, pinned to one core: whole p50, µs", Same, Peers.PollOff),
        Target.Maximum("exchange, pinned to one core: whole p99, µs", Same, Peers.PollOff),
        Target.Maximum("chat, pinned to one core: added p50, µs", 1.5, Peers.Floor),
        Target.Maximum("chat, pinned to one core: added p50, µs", 0.5, Peers.HaProxy),
        Target.Maximum("chat, pinned to one core: added p50, µs", 0.5, Peers.Nginx),
        Target.Maximum("fresh, pinned to one core: added p50, µs", 1.25, Peers.Floor),
        Target.Maximum("fresh, pinned to one core: added p50, µs", 0.7, Peers.HaProxy),
        Target.Minimum("crowd, 64 connections: requests per CPU second", 2, Peers.HaProxy),
        Target.Minimum("crowd, 64 connections: requests per CPU second", 0.85, Peers.Floor),
        Target.Minimum("crowd, 64 connections: requests per second", 1 / Same, Peers.PollOff),
        Target.Minimum("crowd, 256 connections: requests per second", 0.85, Peers.Floor),
        Target.Minimum("crowd, 256 connections: requests per second", 1, [.. Peers.Others]),
        Target.Maximum("tokens, an event every 20 ms: added p50, ms", 0.05),
        Target.Maximum("tokens, an event every 20 ms: added p99, ms", 0.2),
        // On a busy machine the client itself finds two events at once now and then.
        Target.Minimum("tokens, an event every 20 ms: reads per event", 0.99, Peers.Direct),
        Target.Maximum("tokens, an event every 20 ms: whole p50, ms", Same, Peers.PollOff),
        Target.Maximum("tokens, an event every 20 ms: whole p99, ms", Same, Peers.PollOff),
        Target.Maximum("abort, FIN: longest, ms", 2),
        Target.Maximum("abort, reset: longest, ms", 2),
        Target.Minimum("bulk, down: MiB/s", 1, Peers.HaProxy),
        Target.Minimum("bulk, down: MiB/s", 1, Peers.Floor),
        Target.Minimum("bulk, up: MiB/s", 1, Peers.HaProxy),
        Target.Minimum("bulk, up: MiB/s", 1, Peers.Floor),
        Target.Within("quiet, idle: % of a core", 1, Peers.PollOff),
        Target.Within("quiet, prefill: % of a core", 1, Peers.PollOff),
        Target.Within("quiet, token stream: % of a core", 1, Peers.PollOff),
        Target.Maximum("idle: resident after startup, MB", 1, Peers.HaProxy),
        Target.Maximum("idle: kB per connection, first", 2),
        Target.Maximum("idle: kB per connection, as many again", 2),
        Target.Maximum("start: to the first response, ms", 20),
        Target.Maximum("start: to the first response, ms", 0.4, Peers.HaProxy),
        Target.Maximum("rules, Match: ns", 1.1, "10 rules") with
        {
            Subject = "10000 rules",
        },
    ];

    /// <summary>Returns the targets of the parts that have run, and how far each is met.</summary>
    public static ResultTable Table(IReadOnlyList<(Part Part, PartResult Result)> results)
    {
        ResultTable table = new("Targets", "", "target", "measured", "compared", "ratio", "");
        foreach (Target target in All)
            if (results.FirstOrDefault(result => result.Part.Name == target.Part) is { Result: { } result })
                Add(table, target, result);
        return table;
    }

    private static void Add(ResultTable table, Target target, PartResult result)
    {
        Dictionary<string, double> values = result
            .Figures.Where(figure => figure.Name == target.Figure)
            .ToDictionary(figure => figure.Subject, figure => figure.Value);
        string[] found = [.. target.Against.Where(values.ContainsKey)];
        bool isCompared = target.Against.Count > 0;
        if (!values.TryGetValue(target.Subject, out double measured) || (isCompared && found.Length == 0))
        {
            // Rows that must be asked for leave no trace when they are not.
            if (!target.Against.Contains(Peers.PollOff))
                table.Add(target.Figure, target.Text, Figure.None, Figure.None, Figure.None, "not measured");
            return;
        }
        double? compared =
            !isCompared ? null
            : target.Kind == TargetKind.Minimum ? found.Max(subject => values[subject])
            : found.Min(subject => values[subject]);
        table.Add(
            target.Figure,
            target.Text,
            Figure.Short(measured),
            compared is { } value ? Figure.Short(value) : Figure.None,
            compared is { } of && target.Kind != TargetKind.Within ? Figure.Times(measured, of) : Figure.None,
            target.IsMet(measured, compared) ? "met" : "not met"
        );
    }
}

/// <summary>How a figure is compared.</summary>
internal enum TargetKind
{
    Maximum,
    Minimum,

    /// <summary>At most this much more, in the figure's own unit.</summary>
    Within,
}

/// <summary>One figure that should reach a limit.</summary>
/// <param name="Kind">How it is compared.</param>
/// <param name="Figure">Name of the figure, whose first word is the part that measures it.</param>
/// <param name="Limit">A factor of the other subject's figure, or a figure by itself.</param>
/// <param name="Against">The other subject; of several, the best; none for a limit by itself.</param>
internal sealed record Target(TargetKind Kind, string Figure, double Limit, IReadOnlyList<string> Against)
{
    public string Subject { get; init; } = Peers.Gate;

    public string Part => Figure[..Figure.IndexOfAny([',', ':'])];

    public string Text =>
        (Kind, Against) switch
        {
            (TargetKind.Within, _) => $"≤ {Other} + {Report.Figure.Of(Limit, 0)}",
            (_, { Count: 0 }) => $"{Sign} {Report.Figure.Short(Limit)}",
            _ => $"{Sign} {Report.Figure.Of(Limit, 2)} × {Other}",
        };

    public static Target Maximum(string figure, double limit, params string[] against) =>
        new(TargetKind.Maximum, figure, limit, against);

    public static Target Minimum(string figure, double limit, params string[] against) =>
        new(TargetKind.Minimum, figure, limit, against);

    public static Target Within(string figure, double limit, string against) =>
        new(TargetKind.Within, figure, limit, [against]);

    /// <param name="measured">The subject's figure.</param>
    /// <param name="compared">The other's; null for a limit by itself.</param>
    public bool IsMet(double measured, double? compared) =>
        Kind switch
        {
            TargetKind.Within => measured <= compared + Limit,
            TargetKind.Minimum => measured >= Limit * (compared ?? 1),
            _ => measured <= Limit * (compared ?? 1),
        };

    private string Sign => Kind == TargetKind.Minimum ? "≥" : "≤";

    private string Other => Against.Count == 1 ? Against[0] : "the best of the others";
}
