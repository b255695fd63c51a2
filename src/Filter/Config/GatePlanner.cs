using FastGate.Proxy.Gate;

namespace FastGate.Config;

/// <summary>Finds out what a <see cref="GateFile"/> means on a machine. Every problem is added; what has one gets its
/// default.</summary>
/// <param name="machine">Where the gate is to run.</param>
/// <param name="problems">What is wrong.</param>
/// <param name="warnings">What is odd but allowed.</param>
internal sealed class GatePlanner(Machine machine, List<Problem> problems, List<Problem> warnings)
{
    // The profile for llama.cpp's server as upstream.
    private const string LlamaCpp = "@llama-cpp";

    public GatePlan Plan(GateFile file)
    {
        Sourced<UpstreamName> upstream = PlanUpstream(file.Upstream);
        Policies policies = new()
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
            AccessLog = PlanAccessLog(file.AccessLog),
            MetricsSocket = PlanMetricsSocket(file.MetricsSocket),
        };
        plan = NumberMember.All.Aggregate(plan, (planned, member) => PlanNumber(planned, member, file));
        if (plan.Ollama.ReadyConnections > 1 && Lines(file).FirstOrDefault(line => line.Value == LlamaCpp) is { } llama)
            warnings.Add(
                new Problem(
                    llama.Place,
                    $"llama.cpp's server gives each connection a thread, and {plan.Ollama.ReadyConnections} ready "
                        + $"ones can take all that it has: write \"warm\": 1"
                )
            );
        return plan;
    }

    private static IEnumerable<Sourced<string>> Lines(GateFile file) =>
        (file.Allow?.Value ?? []).Concat(
            (file.Listen?.Value ?? []).SelectMany(listener => listener.Allow?.Value ?? [])
        );

    private Sourced<UpstreamName> PlanUpstream(Sourced<string>? said)
    {
        GatePlan defaults = new() { Listeners = [] };
        if (said is null)
            return new Sourced<UpstreamName>(defaults.Upstream, SourceLocation.Default);
        if (UpstreamName.TryParse(said.Value, out UpstreamName? name, out string? problem))
            return new Sourced<UpstreamName>(name, said.Place);
        problems.Add(new Problem(said.Place, problem));
        return new Sourced<UpstreamName>(defaults.Upstream, SourceLocation.Default);
    }

    private HostNames PlanHosts(Sourced<IReadOnlyList<Sourced<string>>>? said)
    {
        IReadOnlyList<Sourced<string>> entries = said?.Value ?? [];
        foreach (Sourced<string> entry in entries)
        {
            if (HostEntry.ProblemOf(entry.Value) is { } problem)
                problems.Add(new Problem(entry.Place, problem));
            else if (entry.Value == "*")
                warnings.Add(
                    new Problem(
                        entry.Place,
                        "\"*\" accepts every name: a web page can then reach Ollama by DNS rebinding"
                    )
                );
        }
        return new HostNames(machine.Name, entries.Select(entry => entry.Value));
    }

    private string? PlanAccessLog(Sourced<string>? said)
    {
        if (!AccessLogPath.TryParse(said?.Value ?? AccessLogPath.Auto, machine, out string? path, out string? problem))
            problems.Add(new Problem(said?.Place ?? SourceLocation.Default, problem));
        return path;
    }

    private string? PlanMetricsSocket(Sourced<string>? said)
    {
        if (
            !MetricsSocketPath.TryParse(
                said?.Value ?? MetricsSocketPath.Auto,
                machine,
                out string? path,
                out string? problem
            )
        )
            problems.Add(new Problem(said?.Place ?? SourceLocation.Default, problem));
        return path;
    }

    private GatePlan PlanNumber(GatePlan plan, NumberMember member, GateFile file)
    {
        if (!file.Numbers.TryGetValue(member.Path, out Sourced<double>? said))
            return plan;
        if (member.ProblemOf(said.Value) is not { } problem)
            return member.Set(plan, said.Value);
        problems.Add(new Problem(said.Place, problem));
        return plan;
    }
}
