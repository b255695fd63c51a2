using System.Net;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>Interprets the listeners of a <see cref="GateFile"/>: their addresses, peers and rules.</summary>
internal sealed class ListenerPlanner(PolicyFactory policies, List<Problem> problems, List<Problem> warnings)
{
    // Ollama's own port, so that clients need no new one.
    private const string DefaultOn = "tailscale:11434";

    // Rules that several listeners share are compiled, and reported, once.
    private readonly Dictionary<object, (AllowList Allow, RuleSet Rules)> _read = [];

    public IReadOnlyList<PlannedListener> Plan(GateFile file)
    {
        IReadOnlyList<ListenerSection> sections =
            file.Listen?.Value ?? [new ListenerSection { On = new Sourced<string>(DefaultOn, SourceLocation.Default) }];
        if (sections.Count == 0)
            problems.Add(
                new Problem(
                    file.Listen!.Location,
                    $"the list is empty, so nothing would be served; add \"{DefaultOn}\""
                )
            );
        // Read even if every listener has its own rules, so that problems in them are reported.
        Sourced<IReadOnlyList<Sourced<string>>> allow =
            file.Allow ?? new([new Sourced<string>(Profiles.Seed, SourceLocation.Default)], SourceLocation.Default);
        ReadRules(allow);
        IReadOnlyList<AddressRange>? from = ReadFrom(file.From);
        bool contentOnGet = ReadContentOnGet(file.ContentOnGet);

        List<PlannedListener> planned = [];
        foreach (ListenerSection listener in sections)
        {
            Sourced<IReadOnlyList<Sourced<string>>> lines = listener.Allow ?? allow;
            (AllowList list, RuleSet rules) = ReadRules(lines);
            IReadOnlyList<AddressRange>? own = listener.From is null ? from : ReadFrom(listener.From);
            bool content = listener.ContentOnGet is null ? contentOnGet : ReadContentOnGet(listener.ContentOnGet);
            if (ReadAddress(listener.On, file.Public?.Value ?? false) is not { } address)
                continue;
            ListenerOptions options = new()
            {
                Address = address,
                Policy = policies.Create(rules, content),
                From = own,
            };
            planned.Add(new PlannedListener(options, list, lines.Value, listener.On.Location));
        }
        return planned;
    }

    private bool ReadContentOnGet(Sourced<string>? member) =>
        ConfigWord.Read(member, "refuse", ["refuse", "allow"], problems) == "allow";

    private ListenAddress? ReadAddress(Sourced<string> on, bool isPublic)
    {
        if (!ListenAddress.TryParse(on.Value, out ListenAddress? address, out string? problem))
            problems.Add(new Problem(on.Location, problem));
        else if (address.IsUnspecified && !isPublic)
            problems.Add(
                new Problem(
                    on.Location,
                    $"{address} listens on every network of this machine; write tailscale:{address.Port}, "
                        + "or set \"public\": true in the config file if that is intended"
                )
            );
        else if (address.IsUnspecified)
            warnings.Add(
                new Problem(
                    on.Location,
                    $"{address} listens on every network of this machine; use \"from\" to limit who may connect"
                )
            );
        return address;
    }

    private List<AddressRange>? ReadFrom(Sourced<IReadOnlyList<Sourced<string>>>? member)
    {
        if (member is null)
            return null;
        if (member.Value.Count == 0)
            problems.Add(
                new Problem(member.Location, "the list is empty, so no one could connect; remove it to use the default")
            );
        List<AddressRange> ranges = [];
        foreach (Sourced<string> range in member.Value)
        {
            if (AddressRange.TryParse(range.Value, out AddressRange parsed, out string? problem))
                ranges.Add(parsed);
            else
                problems.Add(new Problem(range.Location, problem));
        }
        return ranges;
    }

    private (AllowList Allow, RuleSet Rules) ReadRules(Sourced<IReadOnlyList<Sourced<string>>> lines)
    {
        if (_read.TryGetValue(lines, out (AllowList Allow, RuleSet Rules) known))
            return known;
        AllowList allow = AllowList.Expand(lines.Value.Select(line => line.Value));
        RuleSet rules = RuleSet.Compile(allow.Rules);
        foreach (AllowProblem problem in allow.Problems)
        {
            Sourced<string> line = lines.Value[problem.Line];
            problems.Add(
                new Problem(line.Location.AtColumn(problem.Error.Column), $"\"{line.Value}\": {problem.Error.Message}")
            );
        }
        foreach (RuleWarning warning in allow.WarningsToReport(rules))
        {
            // A rule that is not in force is an error; every other warning is advice.
            Problem found = new(lines.Value[allow.LineOf(warning.RuleIndex)].Location, warning.Message);
            (warning.IsLeftOut ? problems : warnings).Add(found);
        }
        warnings.AddRange(ManagementWarnings(allow, lines.Value));
        if (lines.Value.Count == 0)
            warnings.Add(new Problem(lines.Location, "the list is empty, so every request is refused; add \"@seed\""));
        return _read[lines] = (allow, rules);
    }

    private static IEnumerable<Problem> ManagementWarnings(AllowList allow, IReadOnlyList<Sourced<string>> lines)
    {
        foreach ((int index, Rule rule) in allow.Rules.Index())
        {
            if (allow.IsFromProfile(index))
                continue;
            string[] opened = [.. OllamaRoutes.ManagementOpenedBy(rule).Select(route => route.Rule.ToString())];
            if (opened.Length > 0)
                yield return new Problem(
                    lines[allow.LineOf(index)].Location,
                    $"\"{rule}\" allows {string.Join(", ", opened)}; anyone who may connect can then manage models, "
                        + "keys or the server"
                );
            string[] ofLlama = [.. LlamaRoutes.ManagementOpenedBy(rule).Select(route => route.Rule.ToString())];
            if (ofLlama.Length > 0)
                yield return new Problem(
                    lines[allow.LineOf(index)].Location,
                    $"\"{rule}\" allows {string.Join(", ", ofLlama)}; if the upstream is llama.cpp's server, anyone "
                        + "who may connect can then manage it, read other clients' requests, or run its tools"
                );
        }
    }
}

/// <summary>Creates the listeners' policies, which differ in their rules and in whether GET may have content.</summary>
internal sealed record PolicyFactory
{
    public required HostNames Hosts { get; init; }

    public required bool PreserveHost { get; init; }

    public required int UpstreamPort { get; init; }

    public GatePolicy Create(RuleSet rules, bool allowsContentOnGet) =>
        new()
        {
            Rules = rules,
            Hosts = Hosts,
            PreserveHost = PreserveHost,
            AllowsContentOnGet = allowsContentOnGet,
            UpstreamHost = GatePolicy.UpstreamHostFor(new IPEndPoint(IPAddress.Loopback, UpstreamPort)),
        };
}
