using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Follows requests from where they come in to a backend, as HAProxy does. Pure.</summary>
/// <param name="proxies">All sections by name; the first of a name.</param>
/// <param name="goals">The backends that are asked about.</param>
internal sealed class RequestTracer(IReadOnlyDictionary<string, ProxySection> proxies, IReadOnlySet<string> goals)
{
    public TraceResult Trace(ProxySection entry, SampleRequest request)
    {
        if (entry.IsDisabled)
            return TraceResult.Refused(entry.Section.Heading);
        // In mode tcp nobody looks at requests.
        List<ConfigLine> guards = [];
        if (!entry.IsTcp && ApplyRules(entry, ref request, guards) is { } end)
            return TraceResult.Refused(end);
        List<TraceResult> possible = [];
        bool isDecided = false;
        foreach (Target target in entry.Targets)
        {
            Truth truth = entry.IsTcp && !target.IsRest ? Truth.Maybe : target.Condition.Of(request);
            if (target.Line.IsUnsure && truth == Truth.Yes)
                truth = Truth.Maybe;
            if (truth == Truth.No)
                continue;
            TraceResult trace = Enter(entry, target, request);
            possible.Add(truth == Truth.Maybe ? trace with { Guards = [target.Line, .. trace.Guards] } : trace);
            isDecided = truth == Truth.Yes;
            if (isDecided)
                break;
        }
        return Join(possible, guards, isDecided);
    }

    private TraceResult Enter(ProxySection entry, Target target, SampleRequest request)
    {
        if (target.Backend == entry.Name && entry.Servers.Count > 0)
            return new TraceResult(goals.Contains(entry.Name) ? Truth.Yes : Truth.No, [], target.Line);
        if (!proxies.TryGetValue(target.Backend, out ProxySection? backend))
        {
            // A name that is computed may be any; one that is missing is none.
            bool isComputed =
                target.Backend.Contains('%', StringComparison.Ordinal) || target.Backend.Contains(LineSplitter.Unknown);
            return isComputed ? new TraceResult(Truth.Maybe, [target.Line]) : TraceResult.Refused(target.Line);
        }
        List<ConfigLine> guards = [];
        if (backend.IsDisabled)
            return TraceResult.Refused(backend.Section.Heading);
        if (!backend.IsTcp && ApplyRules(backend, ref request, guards) is { } end)
            return TraceResult.Refused(end);
        if (!goals.Contains(backend.Name))
            return TraceResult.Refused(target.Line);
        return new TraceResult(guards.Count > 0 ? Truth.Maybe : Truth.Yes, guards, target.Line);
    }

    /// <returns>The line that surely ends the request here; null if it goes on.</returns>
    private static ConfigLine? ApplyRules(ProxySection proxy, ref SampleRequest request, List<ConfigLine> guards)
    {
        int accepted = -1;
        int mayBeAccepted = -1;
        foreach (ProxyRule rule in proxy.Rules)
        {
            if (rule.Phase == accepted)
                continue;
            Truth truth = rule.Condition.Of(request);
            if (rule.Line.IsUnsure && truth == Truth.Yes)
                truth = Truth.Maybe;
            if (truth == Truth.No)
                continue;
            switch (rule.Action)
            {
                case ProxyAction.End when truth == Truth.Yes && rule.Phase != mayBeAccepted:
                    return rule.Line;
                case ProxyAction.End:
                    guards.Add(rule.Line);
                    break;
                case ProxyAction.Accept when truth == Truth.Yes:
                    accepted = rule.Phase;
                    break;
                case ProxyAction.Accept:
                    mayBeAccepted = rule.Phase;
                    break;
                case ProxyAction.Rewrite:
                    // What arrives is another request than the one that came.
                    request = request with
                    {
                        Path = null,
                    };
                    guards.Add(rule.Line);
                    break;
                case ProxyAction.SetVariable:
                    request = SetVariable(request, rule, truth);
                    break;
            }
        }
        return null;
    }

    // set-var(txn.path) path,lower
    private static SampleRequest SetVariable(SampleRequest request, ProxyRule rule, Truth truth)
    {
        string name = rule.Words[0]["set-var(".Length..].TrimEnd(')').Split(',')[0];
        Sample sample =
            truth == Truth.Yes && rule.Words.Count == 2 ? Fetch.Parse(rule.Words[1]).Of(request) : Sample.Unknown;
        return request with { Variables = new Dictionary<string, Sample>(request.Variables) { [name] = sample } };
    }

    // If no line surely takes it, HAProxy may have no backend for it.
    private static TraceResult Join(List<TraceResult> possible, List<ConfigLine> guards, bool isDecided)
    {
        if (possible.Count == 0)
            return TraceResult.Refused(null);
        if (possible.TrueForAll(trace => trace.Reaches == Truth.No))
            return possible[^1] with { Guards = [] };
        bool isSure = isDecided && guards.Count == 0 && possible.TrueForAll(trace => trace.Reaches == Truth.Yes);
        return isSure
            ? new TraceResult(Truth.Yes, [], possible[^1].By)
            : new TraceResult(
                Truth.Maybe,
                [.. guards.Concat(possible.SelectMany(trace => trace.Guards)).Distinct()],
                possible[^1].By
            );
    }
}

/// <summary>What becomes of a request.</summary>
/// <param name="Reaches">Whether it reaches the backend that was asked about.</param>
/// <param name="Guards">The lines that decide by what is unknown here, such as a password.</param>
/// <param name="By">The line that refuses it, or sends it on.</param>
internal sealed record TraceResult(Truth Reaches, IReadOnlyList<ConfigLine> Guards, ConfigLine? By = null)
{
    public static TraceResult Refused(ConfigLine? by) => new(Truth.No, [], by);
}

/// <summary>Paths that a rule means, to be tried on a configuration.</summary>
internal static class SamplePaths
{
    /// <summary>Names of models, with a tag and without: a regular expression may take only one.</summary>
    private static readonly string[] Names = ["llama3.2:3b", "qwen3"];

    public static IEnumerable<string> Of(Rule rule) =>
        rule.Segments.All(segment => segment.Kind == SegmentKind.Literal)
            ? [rule.Path]
            : Names.Select(name =>
                string.Concat(
                    rule.Segments.Select(segment => $"/{(segment.Kind == SegmentKind.Literal ? segment.Text : name)}")
                )
            );
}
