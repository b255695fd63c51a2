using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>Finds out what the listeners of a <see cref="GateFile"/> mean: where, for whom, and by which
/// rules.</summary>
internal sealed class ListenerPlanner(Policies policies, List<Problem> problems, List<Problem> warnings)
{
    /// <summary>Ollama's own port, so that clients need not be told another.</summary>
    private const string UsualOn = "tailscale:11434";

    // Rules that several listeners share are read, and found wrong, once.
    private readonly Dictionary<object, (AllowList Allow, RuleSet Rules)> _read = [];

    public IReadOnlyList<PlannedListener> Plan(GateFile file)
    {
        IReadOnlyList<ListenerSection> said =
            file.Listen?.Value ?? [new ListenerSection { On = new Sourced<string>(UsualOn, SourceLocation.Default) }];
        if (said.Count == 0)
            problems.Add(new Problem(file.Listen!.Place, $"there is nothing to listen on: write \"{UsualOn}\""));
        // Also when every listener has its own, so that what is wrong with them is told.
        Sourced<IReadOnlyList<Sourced<string>>> allow =
            file.Allow ?? new([new Sourced<string>(Profiles.Seed, SourceLocation.Default)], SourceLocation.Default);
        ReadRules(allow);
        IReadOnlyList<AddressRange>? from = ReadFrom(file.From);
        bool getContent = ReadGetContent(file.GetContent);

        List<PlannedListener> planned = [];
        foreach (ListenerSection listener in said)
        {
            Sourced<IReadOnlyList<Sourced<string>>> lines = listener.Allow ?? allow;
            (AllowList list, RuleSet rules) = ReadRules(lines);
            IReadOnlyList<AddressRange>? own = listener.From is null ? from : ReadFrom(listener.From);
            bool content = listener.GetContent is null ? getContent : ReadGetContent(listener.GetContent);
            if (ReadAddress(listener.On, file.Public?.Value ?? false) is not { } address)
                continue;
            ListenerOptions options = new()
            {
                Address = address,
                Policy = policies.With(rules, content),
                From = own,
            };
            planned.Add(new PlannedListener(options, list, lines.Value, listener.On.Place));
        }
        return planned;
    }

    private bool ReadGetContent(Sourced<string>? said) =>
        ConfigWord.Read(said, "refuse", ["refuse", "allow"], problems) == "allow";

    private ListenAddress? ReadAddress(Sourced<string> on, bool isPublic)
    {
        if (!ListenAddress.TryParse(on.Value, out ListenAddress? address, out string? problem))
            problems.Add(new Problem(on.Place, problem));
        else if (address.IsUnspecified && !isPublic)
            problems.Add(
                new Problem(
                    on.Place,
                    $"{address} is every address of this machine, so whoever reaches it reaches Ollama: "
                        + $"write tailscale:{address.Port}, "
                        + "or \"public\": true in the config file if that is what you want"
                )
            );
        else if (address.IsUnspecified)
            warnings.Add(
                new Problem(
                    on.Place,
                    $"{address} is public: every network that this machine is in can reach it; \"from\" "
                        + $"narrows who may connect"
                )
            );
        return address;
    }

    private List<AddressRange>? ReadFrom(Sourced<IReadOnlyList<Sourced<string>>>? said)
    {
        if (said is null)
            return null;
        if (said.Value.Count == 0)
            problems.Add(
                new Problem(said.Place, "the list is empty, so nobody could connect: leave it out for the default")
            );
        List<AddressRange> ranges = [];
        foreach (Sourced<string> range in said.Value)
        {
            if (AddressRange.TryParse(range.Value, out AddressRange one, out string? problem))
                ranges.Add(one);
            else
                problems.Add(new Problem(range.Place, problem));
        }
        return ranges;
    }

    private (AllowList Allow, RuleSet Rules) ReadRules(Sourced<IReadOnlyList<Sourced<string>>> said)
    {
        if (_read.TryGetValue(said, out (AllowList Allow, RuleSet Rules) known))
            return known;
        AllowList allow = AllowList.Expand(said.Value.Select(line => line.Value));
        RuleSet rules = RuleSet.Compile(allow.Rules);
        foreach (AllowProblem problem in allow.Problems)
        {
            Sourced<string> line = said.Value[problem.Line];
            problems.Add(
                new Problem(line.Place.Inside(problem.Error.Column), $"\"{line.Value}\": {problem.Error.Message}")
            );
        }
        foreach (RuleWarning finding in allow.FindingsToReport(rules))
        {
            // A rule that is not in force is not what was asked for; the rest is advice.
            Problem found = new(said.Value[allow.LineOf(finding.RuleIndex)].Place, finding.Message);
            (finding.IsLeftOut ? problems : warnings).Add(found);
        }
        warnings.AddRange(Openings(allow, said.Value));
        if (said.Value.Count == 0)
            warnings.Add(new Problem(said.Place, "the list is empty, so every request is refused: write \"@seed\""));
        return _read[said] = (allow, rules);
    }

    private static IEnumerable<Problem> Openings(AllowList allow, IReadOnlyList<Sourced<string>> lines)
    {
        foreach ((int index, Rule rule) in allow.Rules.Index())
        {
            if (allow.IsFromProfile(index))
                continue;
            string[] opened = [.. OllamaRoutes.ManagementOpenedBy(rule).Select(route => route.Rule.ToString())];
            if (opened.Length > 0)
                yield return new Problem(
                    lines[allow.LineOf(index)].Place,
                    $"\"{rule}\" opens {string.Join(", ", opened)}: whoever may connect can then manage "
                        + $"models, keys or the server"
                );
            string[] ofLlama = [.. LlamaRoutes.ManagementOpenedBy(rule).Select(route => route.Rule.ToString())];
            if (ofLlama.Length > 0)
                yield return new Problem(
                    lines[allow.LineOf(index)].Place,
                    $"\"{rule}\" opens {string.Join(", ", ofLlama)}: with llama.cpp's server as upstream, "
                        + "whoever may connect can then manage it, read what others ask, or run its tools"
                );
        }
    }
}
