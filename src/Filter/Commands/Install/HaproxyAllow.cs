using FastGate.Commands.Install.Haproxy;

namespace FastGate.Commands.Install;

/// <summary>Something that an HAProxy set-up sends to Ollama: a path, how paths begin, or everything that is
/// left.</summary>
/// <param name="Text">For people: <c>/v1/models…</c>.</param>
/// <param name="Line">The line that sends it there.</param>
/// <param name="IsRest">All that no line before it takes.</param>
/// <param name="Covers">Whether a request is meant by it.</param>
internal sealed record HaproxyAllow(string Text, ConfigLine Line, bool IsRest, Func<Probe, Truth> Covers)
{
    private const int WaysMax = 500;

    /// <summary>Whether a request has the method and path meant by it, whatever else is asked of it.</summary>
    public Func<Probe, Truth> Names { get; private init; } = Covers;

    public override string ToString() => Text;

    /// <summary>What a line sends to a backend, one for each path that it names.</summary>
    public static IEnumerable<HaproxyAllow> Of(Target target)
    {
        if (target.IsRest)
            return [new HaproxyAllow("everything else", target.Line, true, _ => Truth.Yes)];
        if (target.Condition.Problem is not null)
            return [];
        return target.Condition.Ways().SelectMany(way => Of(target.Line, way)).Take(WaysMax);
    }

    private static IEnumerable<HaproxyAllow> Of(ConfigLine line, IReadOnlyList<Literal> way)
    {
        Literal? path = way.FirstOrDefault(literal => literal.IsPath);
        string methods = string.Join(
            ',',
            way.Where(literal => literal.IsMethod).SelectMany(literal => literal.Any).SelectMany(any => any.Values)
        );
        string[] others =
        [
            .. way.Where(literal => literal != path && !literal.IsMethod).Select(literal => literal.ToString()),
        ];
        string before = methods.Length > 0 ? $"{methods} " : "";
        string after = others.Length > 0 ? $" if {string.Join(' ', others)}" : "";
        if (path is null)
            return [new HaproxyAllow($"{before}everything{after}", line, false, All) { Names = OfMethod }];
        return from criterion in path.Any
            from value in criterion.Values
            select new HaproxyAllow(
                $"{before}{criterion.Show(value)}{after}",
                line,
                false,
                probe => Least(criterion.Of(probe, value), All(probe))
            )
            {
                Names = probe => Least(criterion.Of(probe, value), OfMethod(probe)),
            };

        Truth OfMethod(Probe probe) =>
            way.Where(literal => literal.IsMethod)
                .Aggregate(Truth.Yes, (least, literal) => Least(least, literal.Of(probe)));

        Truth All(Probe probe) =>
            way.Where(literal => literal != path)
                .Aggregate(Truth.Yes, (least, literal) => Least(least, literal.Of(probe)));
    }

    private static Truth Least(Truth one, Truth other) => one < other ? one : other;
}
