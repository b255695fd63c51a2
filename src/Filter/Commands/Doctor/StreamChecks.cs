using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>Whether tokens arrive as they are produced: the same stream through the gate and directly, in
/// turn.</summary>
internal sealed class StreamChecks(DoctorContext context)
{
    // A stream with fewer events could arrive in two reads by chance.
    private const int EventsFew = 6;
    private const double GapAddedMsMax = 250;
    private const double TokenAddedMsMax = 5;

    private const Needs Working = Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model;

    private Fixes Fixes => context.Fixes;

    public IEnumerable<DoctorCheck> All() =>
        [
            Check("stream-unbuffered", "unbuffered stream", UnbufferedAsync),
            Check("stream-gap", "largest gap", GapAsync),
            Check("stream-delay", "delay per token", DelayAsync),
        ];

    private static DoctorCheck Check(string id, string title, Func<CheckProbe, Task<CheckResult>> runAsync) =>
        new(id, CheckGroup.Streaming, title, runAsync) { Needs = Working, Timeout = ApiCall.ModelTimeout };

    private async Task<CheckResult> UnbufferedAsync(CheckProbe probe)
    {
        StreamComparison streams = await context.StreamsAsync(probe);
        if (streams.Failure is { } failure)
            return failure;
        ProbeStream gate = streams.Through.MaxBy(stream => stream.Arrivals)!;
        ProbeStream? direct = streams.Direct.MaxBy(stream => stream.Arrivals);
        Fact[] facts =
        [
            Fact.Of("events", gate.Events.Count),
            Fact.Of("arrivals", gate.Arrivals),
            Fact.Of("directArrivals", direct?.Arrivals ?? 0),
        ];
        string without = direct is null ? "" : $", in {direct.Arrivals} without the gate";
        string message = $"{gate.Events.Count} events arrived in {gate.Arrivals} reads{without}";
        if (direct is not null && IsBuffered(direct))
            return CheckResult.Fail(
                $"{direct.Events.Count} events arrive at once even without the gate: something between the gate and "
                    + $"Ollama buffers the stream",
                Fixes.ShowListeners(context.Plan.Upstream.Port),
                facts
            );
        return (direct is null ? IsBuffered(gate) : gate.Arrivals * 2 < direct.Arrivals)
            ? CheckResult.Fail(
                $"{message}: something in front of the gate buffers the stream",
                await ListenersOfGateAsync(probe),
                facts
            )
            : CheckResult.Pass(message, facts);
    }

    private async Task<CheckResult> GapAsync(CheckProbe probe)
    {
        StreamComparison streams = await context.StreamsAsync(probe);
        if (streams.Failure is not null)
            return NotMeasured;
        double gate = streams.Through.Min(stream => stream.LargestGap.TotalMilliseconds);
        if (streams.Direct.Count == 0)
            return CheckResult.Pass($"{gate:0.0} ms", Fact.Of("gapMs", gate));
        double direct = streams.Direct.Min(stream => stream.LargestGap.TotalMilliseconds);
        Fact[] facts = [Fact.Of("gapMs", gate), Fact.Of("directGapMs", direct)];
        string message = $"{gate:0.0} ms through the gate, {direct:0.0} ms without";
        return gate > (2 * direct) + GapAddedMsMax
            ? CheckResult.Fail($"{message}: something holds tokens back", await ListenersOfGateAsync(probe), facts)
            : CheckResult.Pass(message, facts);
    }

    private async Task<CheckResult> DelayAsync(CheckProbe probe)
    {
        StreamComparison streams = await context.StreamsAsync(probe);
        if (streams.Failure is not null || streams.Through[0].Events.Count < 2)
            return NotMeasured;
        double gate = streams.Through.Min(MillisecondsPerToken);
        if (streams.Direct.Count == 0)
            return CheckResult.Pass($"{gate:0.00} ms between tokens", Fact.Of("tokenMs", gate));
        double direct = streams.Direct.Min(MillisecondsPerToken);
        double added = gate - direct;
        Fact[] facts = [Fact.Of("tokenMs", gate), Fact.Of("directTokenMs", direct), Fact.Of("addedMs", added)];
        string message = $"{gate:0.00} ms between tokens, {direct:0.00} ms without the gate ({added:+0.00;-0.00} ms)";
        return added > Math.Max(TokenAddedMsMax, direct / 2)
            ? CheckResult.Fail(message, $"uptime ; {Fixes.GateLog}", facts)
            : CheckResult.Pass(message, facts);
    }

    private static CheckResult NotMeasured => CheckResult.Skip("no stream was measured");

    private async Task<string> ListenersOfGateAsync(CheckProbe probe) =>
        Fixes.ShowListeners((await context.GateAsync(probe)).Target!.EndPoint.Port);

    private static bool IsBuffered(ProbeStream stream) => stream.Events.Count >= EventsFew && stream.Arrivals <= 2;

    private static double MillisecondsPerToken(ProbeStream stream) =>
        stream.Events.Count < 2 ? 0 : stream.Span.TotalMilliseconds / (stream.Events.Count - 1);
}

/// <summary>The same streams through the gate and directly.</summary>
/// <param name="Through">Through the gate; at least one without a failure.</param>
/// <param name="Direct">Past it; none for another machine's gate.</param>
/// <param name="Failure">Why they could not be read, or null.</param>
internal sealed record StreamComparison(
    IReadOnlyList<ProbeStream> Through,
    IReadOnlyList<ProbeStream> Direct,
    CheckResult? Failure
)
{
    private const int Rounds = 2;

    public static Task<StreamComparison> ReadAsync(DoctorContext context, CheckProbe probe) =>
        probe.WithinAsync(
            ApiCall.ModelTimeout,
            limited => ReadWithinAsync(context, limited),
            () =>
                Failed(
                    CheckResult.Fail(
                        $"no response within {ApiCall.ModelTimeout.TotalSeconds:0} s",
                        context.Fixes.GateLog
                    )
                )
        );

    private static async Task<StreamComparison> ReadWithinAsync(DoctorContext context, CheckProbe probe)
    {
        string model = (await context.ModelAsync(probe)).Name!;
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        if (await RequestAsync(context, probe, model) is not var (path, json))
            return Failed(CheckResult.Skip("the allowlist excludes every route that streams"));
        List<ProbeStream> through = [];
        List<ProbeStream> direct = [];
        for (int n = 0; n < Rounds; n++)
        {
            ProbeStream stream = await probe.StreamAsync(gate, path, json);
            if (await new Explanation(context).OfAsync(probe, stream.Response, "POST", path) is { } failure)
                return Failed(failure);
            through.Add(stream);
            if (context.Ollama is not { } ollama)
                continue;
            ProbeStream other = await probe.StreamAsync(ollama, path, json);
            if (!other.IsStream)
                return Failed(CheckResult.Skip($"Ollama itself does not stream: {other.Response.Description}"));
            direct.Add(other);
        }
        return new StreamComparison(through, direct, null);
    }

    private static async Task<(string Path, string Json)?> RequestAsync(
        DoctorContext context,
        CheckProbe probe,
        string model
    )
    {
        (string Path, string Json)[] requests =
        [
            (Requests.Chat, Requests.Counting(model)),
            (Requests.Messages, Requests.CountingMessages(model)),
        ];
        foreach ((string path, string json) in requests)
        {
            if (
                await context.MayAllowAsync(probe, "POST", path) && !await context.ApiRoutes.IsMissingAsync(probe, path)
            )
                return (path, json);
        }
        return null;
    }

    private static StreamComparison Failed(CheckResult failure) => new([], [], failure);
}
