namespace FastGate.Commands.Doctor;

/// <summary>What the gate adds to a small request: through it and past it in turn, so that other load burdens
/// both.</summary>
internal sealed class LatencyChecks(DoctorContext patient)
{
    private const int Warming = 50;
    private const int Exchanges = 500;

    // A machine that does much else has quiet moments; a gate that is slow has none.
    private const int Batch = 50;
    private const int ExchangesRemote = 50;

    /// <summary>What was promised of a gate.</summary>
    private const double AddedP50MsMax = 1;

    /// <summary>A small exchange over loopback takes a tenth of this; a machine that needs more cannot tell.</summary>
    private const double DirectP50MsMax = 1;

    public IEnumerable<DoctorCheck> All() =>
        [
            patient.IsRemote
                ? new("latency", CheckGroup.Performance, "small requests", RemoteAsync)
                {
                    Needs = Needs.Gate,
                    Longest = TimeSpan.FromSeconds(60),
                }
                : new("latency", CheckGroup.Performance, "added time", AddedAsync)
                {
                    Needs = Needs.Gate | Needs.Upstream,
                    Longest = TimeSpan.FromSeconds(60),
                },
        ];

    private async Task<CheckResult> AddedAsync(CheckContext visit)
    {
        if (Requests.Looking(patient) is not { } look)
            return CheckResult.Skip("the allowlist opens no request that only looks");
        List<double> through = [];
        List<double> direct = [];
        for (int n = 0; n < Warming + Exchanges; n++)
        {
            ProbeResponse one = await visit.AskQuietlyAsync(patient.Ollama!, look.Method, look.Path);
            ProbeResponse other = await visit.AskQuietlyAsync(patient.Gate!, look.Method, look.Path);
            if (one.Status != 200 || other.Status != 200)
                return CheckResult.Fail(
                    $"request {n + 1} "
                        + $"failed: {(one.Status != 200 ? $"without the gate {one.Description}" : $"through the gate {other.Description}")}",
                    patient.Remedies.GateLog
                );
            if (n < Warming)
                continue;
            direct.Add(one.Took.TotalMilliseconds);
            through.Add(other.Took.TotalMilliseconds);
        }
        return Judge(through, direct, visit, look.Path);
    }

    private CheckResult Judge(List<double> through, List<double> direct, CheckContext visit, string path)
    {
        double p50 = At(through, 0.5) - At(direct, 0.5);
        double p99 = At(through, 0.99) - At(direct, 0.99);
        double quiet = Quietest(through, direct);
        visit.Note(
            $"GET {path}, {Exchanges} times each in turn",
            $"p50 {At(through, 0.5):0.000} ms through the gate, {At(direct, 0.5):0.000} without; "
                + $"p99 {At(through, 0.99):0.000} and {At(direct, 0.99):0.000}",
            default
        );
        Fact[] facts =
        [
            Fact.Of("addedP50Ms", p50),
            Fact.Of("addedP99Ms", p99),
            Fact.Of("quietAddedP50Ms", quiet),
            Fact.Of("p50Ms", At(through, 0.5)),
            Fact.Of("p99Ms", At(through, 0.99)),
            Fact.Of("directP50Ms", At(direct, 0.5)),
            Fact.Of("directP99Ms", At(direct, 0.99)),
            Fact.Of("requests", Exchanges),
        ];
        string says =
            $"p50 {p50:+0.000;-0.000} ms, p99 {p99:+0.000;-0.000} ms ({Exchanges} requests, each way in turn)";
        if (p50 < AddedP50MsMax || quiet < AddedP50MsMax)
            return CheckResult.Pass(
                p50 < AddedP50MsMax ? says : $"{says}; {quiet:+0.000;-0.000} ms while the machine did less else",
                facts
            );
        return At(direct, 0.5) > DirectP50MsMax
            ? CheckResult.Skip(
                $"{says}, but this machine is too busy to tell: {At(direct, 0.5):0.0} ms without the gate",
                "uptime"
            )
            : CheckResult.Fail(
                $"{says}: more than {AddedP50MsMax:0} ms",
                $"uptime ; {patient.Remedies.GateLog}",
                facts
            );
    }

    /// <summary>The least that was added in a part of the run.</summary>
    private static double Quietest(List<double> through, List<double> direct) =>
        through.Chunk(Batch).Zip(direct.Chunk(Batch), (one, other) => At(one, 0.5) - At(other, 0.5)).Min();

    private async Task<CheckResult> RemoteAsync(CheckContext visit)
    {
        List<double> times = [];
        for (int n = 0; n < ExchangesRemote; n++)
        {
            // Refused or not, the gate itself answers, so that the way to it is what is measured.
            ProbeResponse heard = await visit.AskQuietlyAsync(patient.Gate!, "GET", "/fastgate-doctor");
            if (heard.Status == 0)
                return CheckResult.Fail(
                    $"request {n + 1} failed: {heard.Problem}",
                    $"tailscale ping {Shell.Word(patient.Options.Target!.Host)}"
                );
            times.Add(heard.Took.TotalMilliseconds);
        }
        return CheckResult.Pass(
            $"p50 {At(times, 0.5):0.00} ms, p99 {At(times, 0.99):0.00} ms to the gate and back",
            Fact.Of("p50Ms", At(times, 0.5)),
            Fact.Of("p99Ms", At(times, 0.99))
        );
    }

    // The nearest rank: a time that was really measured.
    private static double At(IReadOnlyCollection<double> times, double quantile) =>
        times.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(quantile * times.Count) - 1));
}
