using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Follows requests from a frontend to a backend, as HAProxy does. Pure.</summary>
/// <param name="proxies">All backends by name.</param>
/// <param name="backends">The names of the backends that count as reached.</param>
internal sealed class RequestTracer(IReadOnlyDictionary<string, ProxySection> proxies, IReadOnlySet<string> backends)
{
    public TraceResult Trace(ProxySection frontend, SampleRequest request)
    {
        if (frontend.IsDisabled)
            return TraceResult.Refused(frontend.Section.Heading);
        // In mode tcp, HAProxy does not read requests.
        List<ConfigLine> guards = [];
        if (!frontend.IsTcp && ApplyRules(frontend, ref request, guards) is { } end)
            return TraceResult.Refused(end);
        List<TraceResult> possible = [];
        bool isDecided = false;
        foreach (Target target in frontend.Targets)
        {
            Truth truth = frontend.IsTcp && !target.IsRest ? Truth.Maybe : target.Condition.Of(request);
            if (target.Line.IsUnsure && truth == Truth.Yes)
                truth = Truth.Maybe;
            if (truth == Truth.No)
                continue;
            TraceResult trace = Enter(frontend, target, request);
            possible.Add(truth == Truth.Maybe ? trace with { Guards = [target.Line, .. trace.Guards] } : trace);
            isDecided = truth == Truth.Yes;
            if (isDecided)
                break;
        }
        return Join(possible, guards, isDecided);
    }

    private TraceResult Enter(ProxySection frontend, Target target, SampleRequest request)
    {
        if (target.Backend == frontend.Name && frontend.Servers.Count > 0)
            return new TraceResult(backends.Contains(frontend.Name) ? Truth.Yes : Truth.No, [], target.Line);
        if (!proxies.TryGetValue(target.Backend, out ProxySection? backend))
        {
            // A computed name may be any backend; a missing one is none.
            bool isComputed =
                target.Backend.Contains('%', StringComparison.Ordinal) || target.Backend.Contains(LineSplitter.Unknown);
            return isComputed ? new TraceResult(Truth.Maybe, [target.Line]) : TraceResult.Refused(target.Line);
        }
        List<ConfigLine> guards = [];
        if (backend.IsDisabled)
            return TraceResult.Refused(backend.Section.Heading);
        if (!backend.IsTcp && ApplyRules(backend, ref request, guards) is { } end)
            return TraceResult.Refused(end);
        if (!backends.Contains(backend.Name))
            return TraceResult.Refused(target.Line);
        return new TraceResult(guards.Count > 0 ? Truth.Maybe : Truth.Yes, guards, target.Line);
    }

    /// <returns>The line that certainly ends the request here; null if the request continues.</returns>
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
                    // The server receives a different request from the one that the client sent.
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

    // For example set-var(txn.path) path,lower
    private static SampleRequest SetVariable(SampleRequest request, ProxyRule rule, Truth truth)
    {
        string name = rule.Words[0]["set-var(".Length..].TrimEnd(')').Split(',')[0];
        Sample sample =
            truth == Truth.Yes && rule.Words.Count == 2 ? Fetch.Parse(rule.Words[1]).Of(request) : Sample.Unknown;
        return request with { Variables = new Dictionary<string, Sample>(request.Variables) { [name] = sample } };
    }

    // If no line certainly takes it, HAProxy may have no backend for it.
    private static TraceResult Join(List<TraceResult> possible, List<ConfigLine> guards, bool isDecided)
    {
        if (possible.Count == 0)
            return TraceResult.Refused(null);
        if (possible.TrueForAll(trace => trace.Reaches == Truth.No))
            return possible[^1] with { Guards = [] };
        bool isSure = isDecided && guards.Count == 0 && possible.TrueForAll(trace => trace.Reaches == Truth.Yes);
        return isSure
            ? new TraceResult(Truth.Yes, [], possible[^1].DecidedBy)
            : new TraceResult(
                Truth.Maybe,
                [.. guards.Concat(possible.SelectMany(trace => trace.Guards)).Distinct()],
                possible[^1].DecidedBy
            );
    }
}

/// <summary>The result of following a request.</summary>
/// <param name="Reaches">Whether it reaches one of the backends.</param>
/// <param name="Guards">The lines that depend on something unknown here, such as a password.</param>
/// <param name="DecidedBy">The line that refuses or forwards it.</param>
internal sealed record TraceResult(Truth Reaches, IReadOnlyList<ConfigLine> Guards, ConfigLine? DecidedBy = null)
{
    public static TraceResult Refused(ConfigLine? by) => new(Truth.No, [], by);
}

/// <summary>Sample paths that a rule covers, to test a configuration with.</summary>
internal static class SamplePaths
{
    /// <summary>Model names with and without a tag, because a regular expression may match only one.</summary>
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
