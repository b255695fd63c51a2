namespace FastGate.Commands.Install.Haproxy;

/// <summary>Follows requests from where they come in to a backend, as HAProxy does. Pure.</summary>
/// <param name="proxies">All sections by name; the first of a name.</param>
/// <param name="goals">The backends that are asked about.</param>
internal sealed class Walk(IReadOnlyDictionary<string, ProxySection> proxies, IReadOnlySet<string> goals)
{
    public Passage Follow(ProxySection entrance, Probe probe)
    {
        if (entrance.IsDisabled)
            return Passage.Refused(entrance.Section.Heading);
        // In mode tcp nobody looks at requests.
        List<ConfigLine> guards = [];
        if (!entrance.IsTcp && Ask(entrance, ref probe, guards) is { } end)
            return Passage.Refused(end);
        List<Passage> possible = [];
        bool isDecided = false;
        foreach (Target target in entrance.Targets)
        {
            Truth truth = entrance.IsTcp && !target.IsRest ? Truth.Maybe : target.Condition.Of(probe);
            if (target.Line.IsUnsure && truth == Truth.Yes)
                truth = Truth.Maybe;
            if (truth == Truth.No)
                continue;
            Passage passage = Into(entrance, target, probe);
            possible.Add(truth == Truth.Maybe ? passage with { Guards = [target.Line, .. passage.Guards] } : passage);
            isDecided = truth == Truth.Yes;
            if (isDecided)
                break;
        }
        return Join(possible, guards, isDecided);
    }

    private Passage Into(ProxySection entrance, Target target, Probe probe)
    {
        if (target.Backend == entrance.Name && entrance.Servers.Count > 0)
            return new Passage(goals.Contains(entrance.Name) ? Truth.Yes : Truth.No, [], target.Line);
        if (!proxies.TryGetValue(target.Backend, out ProxySection? backend))
        {
            // A name that is computed may be any; one that is missing is none.
            bool isComputed =
                target.Backend.Contains('%', StringComparison.Ordinal) || target.Backend.Contains(Words.Unknown);
            return isComputed ? new Passage(Truth.Maybe, [target.Line]) : Passage.Refused(target.Line);
        }
        List<ConfigLine> guards = [];
        if (backend.IsDisabled)
            return Passage.Refused(backend.Section.Heading);
        if (!backend.IsTcp && Ask(backend, ref probe, guards) is { } end)
            return Passage.Refused(end);
        if (!goals.Contains(backend.Name))
            return Passage.Refused(target.Line);
        return new Passage(guards.Count > 0 ? Truth.Maybe : Truth.Yes, guards, target.Line);
    }

    /// <returns>The line that surely ends the request here; null if it goes on.</returns>
    private static ConfigLine? Ask(ProxySection proxy, ref Probe probe, List<ConfigLine> guards)
    {
        int accepted = -1;
        int mayBeAccepted = -1;
        foreach (ProxyRule rule in proxy.Rules)
        {
            if (rule.Phase == accepted)
                continue;
            Truth truth = rule.Condition.Of(probe);
            if (rule.Line.IsUnsure && truth == Truth.Yes)
                truth = Truth.Maybe;
            if (truth == Truth.No)
                continue;
            switch (rule.Deed)
            {
                case ProxyDeed.End when truth == Truth.Yes && rule.Phase != mayBeAccepted:
                    return rule.Line;
                case ProxyDeed.End:
                    guards.Add(rule.Line);
                    break;
                case ProxyDeed.Accept when truth == Truth.Yes:
                    accepted = rule.Phase;
                    break;
                case ProxyDeed.Accept:
                    mayBeAccepted = rule.Phase;
                    break;
                case ProxyDeed.Rewrite:
                    // What arrives is another request than the one that came.
                    probe = probe with
                    {
                        Path = null,
                    };
                    guards.Add(rule.Line);
                    break;
                case ProxyDeed.Keep:
                    probe = Keep(probe, rule, truth);
                    break;
            }
        }
        return null;
    }

    // set-var(txn.path) path,lower
    private static Probe Keep(Probe probe, ProxyRule rule, Truth truth)
    {
        string name = rule.Words[0]["set-var(".Length..].TrimEnd(')').Split(',')[0];
        Sample sample =
            truth == Truth.Yes && rule.Words.Count == 2 ? Fetch.Parse(rule.Words[1]).Of(probe) : Sample.Unknown;
        return probe with { Variables = new Dictionary<string, Sample>(probe.Variables) { [name] = sample } };
    }

    // If no line surely takes it, HAProxy may have no backend for it.
    private static Passage Join(List<Passage> possible, List<ConfigLine> guards, bool isDecided)
    {
        if (possible.Count == 0)
            return Passage.Refused(null);
        if (possible.TrueForAll(passage => passage.Reaches == Truth.No))
            return possible[^1] with { Guards = [] };
        bool isSure = isDecided && guards.Count == 0 && possible.TrueForAll(passage => passage.Reaches == Truth.Yes);
        return isSure
            ? new Passage(Truth.Yes, [], possible[^1].By)
            : new Passage(
                Truth.Maybe,
                [.. guards.Concat(possible.SelectMany(passage => passage.Guards)).Distinct()],
                possible[^1].By
            );
    }
}
