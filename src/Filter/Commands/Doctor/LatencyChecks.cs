using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Host.Servers;

namespace FastGate.Commands.Doctor;

/// <summary>What the gate adds to a small request or, from a client, how long one takes.</summary>
internal sealed class LatencyChecks(DoctorContext context)
{
    private const int WarmUpCount = 50;
    private const int RequestCount = 500;
    private const int RemoteCount = 50;

    public IEnumerable<DoctorCheck> All() => [context.IsRemote ? Remote() : Added()];

    public DoctorCheck Added() =>
        new("latency", CheckGroup.Performance, "added latency", AddedAsync)
        {
            Needs = Needs.Gate | Needs.Upstream,
            Timeout = TimeSpan.FromSeconds(60),
        };

    private DoctorCheck Remote() =>
        new("latency", CheckGroup.Performance, "small requests", RemoteAsync)
        {
            Needs = Needs.Gate,
            Timeout = TimeSpan.FromSeconds(60),
        };

    private async Task<CheckResult> AddedAsync(CheckProbe probe)
    {
        if (await Requests.ReadOnlyAsync(context, probe) is not var (method, path))
            return CheckResult.Skip(Requests.NoReadOnly);
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        AddedLatency latency = new(RequestCount);
        for (int n = 0; n < WarmUpCount + RequestCount; n++)
        {
            ProbeResponse direct = await probe.SendUnrecordedAsync(context.Ollama!, method, path);
            ProbeResponse through = await probe.SendUnrecordedAsync(gate, method, path);
            if (direct.Status != 200 || through.Status != 200)
                return CheckResult.Fail(
                    $"request {n + 1} failed "
                        + (
                            direct.Status != 200
                                ? $"without the gate: {direct.Description}"
                                : $"through the gate: {through.Description}"
                        ),
                    context.Fixes.GateLog
                );
            if (n >= WarmUpCount)
                latency.Add(direct.Took, through.Took);
        }
        double p50 = AddedLatency.Milliseconds(latency.Through.Median);
        double p99 = AddedLatency.Milliseconds(latency.Through.P99);
        double directP50 = AddedLatency.Milliseconds(latency.Direct.Median);
        double directP99 = AddedLatency.Milliseconds(latency.Direct.P99);
        probe.Note(
            $"{method} {path}, {RequestCount} times each way in turn",
            $"p50 {p50:0.000} ms through the gate, {directP50:0.000} ms without; p99 {p99:0.000} ms and "
                + $"{directP99:0.000} ms",
            default
        );
        return Result(
            latency,
            directP50,
            [
                Fact.Of("addedP50Ms", latency.MedianMs),
                Fact.Of("addedP99Ms", latency.P99Ms),
                Fact.Of("quietAddedP50Ms", latency.QuietMedianMs),
                Fact.Of("p50Ms", p50),
                Fact.Of("p99Ms", p99),
                Fact.Of("directP50Ms", directP50),
                Fact.Of("directP99Ms", directP99),
                Fact.Of("requests", RequestCount),
            ]
        );
    }

    private CheckResult Result(AddedLatency latency, double directP50, Fact[] facts)
    {
        string message =
            $"the gate adds {latency.MedianMs:0.000} ms (p50), {latency.P99Ms:0.000} ms (p99); {RequestCount} requests "
            + "each way";
        return latency.Verdict switch
        {
            LatencyVerdict.Fast => CheckResult.Pass(message, facts),
            LatencyVerdict.FastWhenQuiet => CheckResult.Pass(
                $"{message}; {latency.QuietMedianMs:0.000} ms while the machine was less busy",
                facts
            ),
            LatencyVerdict.TooBusy => CheckResult.Skip(
                $"{message}, but this machine is too busy to measure: {directP50:0.0} ms even without the gate",
                "uptime"
            ),
            _ => CheckResult.Fail(
                $"{message}: more than {AddedLatency.AddedMsMax:0} ms",
                $"uptime ; {context.Fixes.GateLog}",
                facts
            ),
        };
    }

    private async Task<CheckResult> RemoteAsync(CheckProbe probe)
    {
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        LatencySample times = new(RemoteCount);
        for (int n = 0; n < RemoteCount; n++)
        {
            // The gate itself refuses this path, so only the path to the gate is measured.
            ProbeResponse response = await probe.SendUnrecordedAsync(gate, "GET", "/fastgate-doctor");
            if (response.Status == 0)
                return CheckResult.Fail(
                    $"request {n + 1} failed: {response.Problem}",
                    $"tailscale ping {ShellWords.Quote(context.Options.Target!.Host)}"
                );
            times.Add(response.Took.Ticks * TimeSpan.NanosecondsPerTick);
        }
        double p50 = AddedLatency.Milliseconds(times.Median);
        double p99 = AddedLatency.Milliseconds(times.P99);
        return CheckResult.Pass(
            $"p50 {p50:0.00} ms, p99 {p99:0.00} ms to the gate and back",
            Fact.Of("p50Ms", p50),
            Fact.Of("p99Ms", p99)
        );
    }
}
