using FastGate.Proxy.Gate;
using FastGate.Proxy.Rules;

namespace FastGate.Config;

/// <summary>Interprets a <see cref="GateFile"/> on a machine. An invalid member is reported and gets its
/// default.</summary>
/// <param name="machine">Where the gate is to run.</param>
/// <param name="problems">Receives errors.</param>
/// <param name="warnings">Receives what is allowed but probably not intended.</param>
internal sealed class GatePlanner(Machine machine, List<Problem> problems, List<Problem> warnings)
{
    public GatePlan Plan(GateFile file)
    {
        Sourced<UpstreamName> upstream = PlanUpstream(file.Upstream);
        PolicyFactory policies = new()
        {
            Hosts = PlanHosts(file.Hosts),
            PreserveHost = ConfigWord.Read(file.Host, "rewrite", ["rewrite", "preserve"], problems) == "preserve",
            UpstreamPort = upstream.Value.Port,
        };
        IReadOnlyList<PlannedListener> listeners = new ListenerPlanner(policies, problems, warnings).Plan(file);
        Overlaps overlaps = new(machine.Interfaces);
        problems.AddRange(overlaps.Between(listeners));
        problems.AddRange(overlaps.With(upstream, listeners));

        GatePlan plan = new()
        {
            Listeners = listeners,
            Upstream = upstream.Value,
            Hosts = [machine.Name, .. file.Hosts?.Value.Select(host => host.Value) ?? []],
            Backend = ConfigWord.Read(file.Backend, GateOptions.BackendNames[0], GateOptions.BackendNames, problems),
            PollTime = PollMember.Read(file.Poll, problems),
            AccessLog = PlanPath(StatePath.AccessLog, file.AccessLog),
            MetricsSocket = PlanPath(StatePath.MetricsSocket, file.MetricsSocket),
        };
        plan = NumberMember.All.Aggregate(plan, (planned, member) => PlanNumber(planned, member, file));
        if (
            plan.Ollama.ReadyConnections > 1
            && Lines(file).FirstOrDefault(line => line.Value == Profiles.LlamaCpp) is { } llama
        )
            warnings.Add(
                new Problem(
                    llama.Location,
                    $"llama.cpp's server uses one thread per connection, and {plan.Ollama.ReadyConnections} ready "
                        + "connections can occupy all of its threads; set \"readyConnections\": 1"
                )
            );
        return plan;
    }

    private static IEnumerable<Sourced<string>> Lines(GateFile file) =>
        (file.Allow?.Value ?? []).Concat(
            (file.Listen?.Value ?? []).SelectMany(listener => listener.Allow?.Value ?? [])
        );

    private Sourced<UpstreamName> PlanUpstream(Sourced<string>? member)
    {
        GatePlan defaults = new() { Listeners = [] };
        if (member is null)
            return new Sourced<UpstreamName>(defaults.Upstream, SourceLocation.Default);
        if (UpstreamName.TryParse(member.Value, out UpstreamName? name, out string? problem))
            return new Sourced<UpstreamName>(name, member.Location);
        problems.Add(new Problem(member.Location, problem));
        return new Sourced<UpstreamName>(defaults.Upstream, SourceLocation.Default);
    }

    private HostNames PlanHosts(Sourced<IReadOnlyList<Sourced<string>>>? member)
    {
        IReadOnlyList<Sourced<string>> entries = member?.Value ?? [];
        foreach (Sourced<string> entry in entries)
        {
            if (HostEntry.ProblemOf(entry.Value) is { } problem)
                problems.Add(new Problem(entry.Location, problem));
            else if (entry.Value == "*")
                warnings.Add(
                    new Problem(
                        entry.Location,
                        "\"*\" accepts every name, so a web page can reach Ollama by DNS rebinding"
                    )
                );
        }
        return new HostNames(machine.Name, entries.Select(entry => entry.Value));
    }

    private string? PlanPath(StatePath kind, Sourced<string>? member)
    {
        string text = member?.Value ?? StatePath.Auto;
        if (!kind.TryParse(text, machine, out string? path, out string? problem))
            problems.Add(new Problem(member?.Location ?? SourceLocation.Default, problem));
        return path;
    }

    private GatePlan PlanNumber(GatePlan plan, NumberMember member, GateFile file)
    {
        if (!file.Numbers.TryGetValue(member.Path, out Sourced<double>? number))
            return plan;
        if (member.ProblemOf(number.Value) is not { } problem)
            return member.Set(plan, number.Value);
        problems.Add(new Problem(number.Location, problem));
        return plan;
    }
}

/// <summary>A member whose value is one of a few keywords.</summary>
internal static class ConfigWord
{
    /// <param name="member">Null if it is not set.</param>
    /// <param name="defaultValue">The value when it is not set or not a keyword.</param>
    /// <param name="words">The keywords.</param>
    /// <param name="problems">Receives a problem when the value is not a keyword.</param>
    public static string Read(
        Sourced<string>? member,
        string defaultValue,
        IReadOnlyList<string> words,
        List<Problem> problems
    )
    {
        if (member is null)
            return defaultValue;
        if (words.Contains(member.Value))
            return member.Value;
        string cure = NearestName.Of(member.Value, words) is { } nearest
            ? $"did you mean \"{nearest}\"?"
            : $"write {string.Join(" or ", words.Select(word => $"\"{word}\""))}";
        problems.Add(new Problem(member.Location, $"unknown value \"{member.Value}\"; {cure}"));
        return defaultValue;
    }
}

/// <summary>One entry of <c>hosts</c>: a name, <c>*.</c> and a name, or <c>*</c>.</summary>
internal static class HostEntry
{
    private const int NameMax = 253;
    private const int LabelMax = 63;
    private const int ShownMax = 80;

    /// <summary>Returns what is wrong with an entry and what to write instead, or null if it is valid.</summary>
    public static string? ProblemOf(string entry)
    {
        if (entry == "*")
            return null;
        if (LengthProblemOf(entry) is { } tooLong)
            return tooLong;
        if (entry.Contains("://", StringComparison.Ordinal))
            return $"\"{entry}\" is a URL; write only its host name";
        if (entry.Contains(':', StringComparison.Ordinal))
            return $"\"{entry}\" has a port; write only the name, {entry.Split(':')[0]}";
        string name = entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry;
        if (name.Contains('*', StringComparison.Ordinal))
            return $"\"{entry}\" has a misplaced *; write *.example.com for every subdomain, or * for every name";
        if (name.Any(letter => letter > '~'))
            return $"\"{entry}\" is not ASCII; write the name as clients send it (xn--…)";
        if (name.TrimEnd('.').Split('.') is { Length: > 1 } labels && labels.Contains(""))
            return $"\"{entry}\" has two dots in a row, or begins with one; write a host name such as "
                + "ollama.example.com";
        return name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            ? null
            : $"\"{entry}\" is not a host name; write one such as ollama.example.com";
    }

    // RFC 1035, section 2.3.4, in characters: 255 octets less the first length and the root.
    private static string? LengthProblemOf(string entry)
    {
        string name = (entry.StartsWith("*.", StringComparison.Ordinal) ? entry[2..] : entry).TrimEnd('.');
        string shown = entry.Length > ShownMax ? $"{entry[..ShownMax]}…" : entry;
        if (name.Length > NameMax)
            return $"\"{shown}\" has {name.Length} characters; a host name has at most {NameMax}, so write one such as "
                + "ollama.example.com";
        return Array.Find(name.Split('.'), label => label.Length > LabelMax) is { } label
            ? $"\"{shown}\" has a label of {label.Length} characters; a label has at most {LabelMax}, so write a "
                + "host name such as ollama.example.com"
            : null;
    }
}
