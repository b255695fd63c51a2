namespace FastGate.Commands.Doctor;

/// <summary>Whether tokens arrive as they are produced: the same stream through the gate and directly, in
/// turn.</summary>
internal sealed class StreamChecks(DoctorContext patient)
{
    private const int Rounds = 2;

    // A stream with fewer events could come in two pieces by chance.
    private const int EventsFew = 6;
    private const double GapAddedMsMax = 250;
    private const double TokenAddedMsMax = 5;

    private readonly List<ProbeStream> _through = [];
    private readonly List<ProbeStream> _direct = [];

    public IEnumerable<DoctorCheck> All() =>
        [
            new("stream-unbuffered", CheckGroup.Streaming, "tokens as they come", UnbufferedAsync)
            {
                Needs = Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model,
                Longest = ApiCall.ModelLongest,
            },
            new("stream-gap", CheckGroup.Streaming, "largest gap", _ => Task.FromResult(Gap()))
            {
                Needs = Needs.ModelTests,
            },
            new("stream-delay", CheckGroup.Streaming, "delay per token", _ => Task.FromResult(Delay()))
            {
                Needs = Needs.ModelTests,
            },
        ];

    private async Task<CheckResult> UnbufferedAsync(CheckContext visit)
    {
        (string Path, string Json)[] ways =
        [
            (Requests.Chat, Requests.Counting(patient.Model!)),
            (Requests.Messages, Requests.CountingMessages(patient.Model!)),
        ];
        (string path, string json) = ways.FirstOrDefault(way =>
            patient.MayAllow("POST", way.Path) && !patient.MissingRoutes.Contains(way.Path)
        );
        if (path is null)
            return CheckResult.Skip("the allowlist closes every call that streams");
        for (int n = 0; n < Rounds; n++)
        {
            ProbeStream one = await visit.StreamAsync(patient.Gate!, path, json);
            if (new Explanation(patient).Of(one.Answer, "POST", path) is { } bad)
                return bad;
            _through.Add(one);
            if (patient.Ollama is not { } ollama)
                continue;
            ProbeStream other = await visit.StreamAsync(ollama, path, json);
            if (!other.IsStream)
                return CheckResult.Skip($"Ollama itself does not stream: {other.Answer.Description}");
            _direct.Add(other);
        }
        return Judge();
    }

    private CheckResult Judge()
    {
        ProbeStream gate = _through.MaxBy(each => each.Arrivals)!;
        ProbeStream? own = _direct.MaxBy(each => each.Arrivals);
        Fact[] facts =
        [
            Fact.Of("events", gate.Events.Count),
            Fact.Of("arrivals", gate.Arrivals),
            Fact.Of("directArrivals", own?.Arrivals ?? 0),
        ];
        string says = $"{gate.Events.Count} events arrived at {gate.Arrivals} moments";
        if (own is not null && IsLump(own))
            return CheckResult.Fail(
                $"{own.Events.Count} events come at once even without the gate: something between the "
                    + $"gate and Ollama buffers",
                patient.Remedies.WhoHas(patient.Plan.Upstream.Port),
                facts
            );
        if (own is null ? IsLump(gate) : gate.Arrivals * 2 < own.Arrivals)
            return CheckResult.Fail(
                $"{says}{(own is null ? "" : $", {own.Arrivals} without the gate")}: something before the gate buffers",
                patient.Remedies.WhoHas(patient.Gate!.EndPoint.Port),
                facts
            );
        return CheckResult.Pass(own is null ? says : $"{says}, {own.Arrivals} without the gate", facts);
    }

    private CheckResult Gap()
    {
        if (_through.Count == 0)
            return CheckResult.Skip("no stream was measured");
        double gate = _through.Min(each => each.LargestGap.TotalMilliseconds);
        if (_direct.Count == 0)
            return CheckResult.Pass($"{gate:0.0} ms", Fact.Of("gapMs", gate));
        double own = _direct.Min(each => each.LargestGap.TotalMilliseconds);
        Fact[] facts = [Fact.Of("gapMs", gate), Fact.Of("directGapMs", own)];
        string says = $"{gate:0.0} ms through the gate, {own:0.0} ms without";
        return gate > (2 * own) + GapAddedMsMax
            ? CheckResult.Fail(
                $"{says}: something holds tokens back",
                patient.Remedies.WhoHas(patient.Gate!.EndPoint.Port),
                facts
            )
            : CheckResult.Pass(says, facts);
    }

    private CheckResult Delay()
    {
        if (_through.Count == 0 || _through[0].Events.Count < 2)
            return CheckResult.Skip("no stream was measured");
        double gate = _through.Min(PerToken);
        if (_direct.Count == 0)
            return CheckResult.Pass($"{gate:0.00} ms from token to token", Fact.Of("tokenMs", gate));
        double own = _direct.Min(PerToken);
        double added = gate - own;
        Fact[] facts = [Fact.Of("tokenMs", gate), Fact.Of("directTokenMs", own), Fact.Of("addedMs", added)];
        string says = $"{gate:0.00} ms from token to token, {own:0.00} ms without the gate ({added:+0.00;-0.00} ms)";
        return added > Math.Max(TokenAddedMsMax, own / 2)
            ? CheckResult.Fail(says, $"uptime ; {patient.Remedies.GateLog}", facts)
            : CheckResult.Pass(says, facts);
    }

    private static bool IsLump(ProbeStream stream) => stream.Events.Count >= EventsFew && stream.Arrivals <= 2;

    private static double PerToken(ProbeStream stream) =>
        stream.Events.Count < 2 ? 0 : stream.Span.TotalMilliseconds / (stream.Events.Count - 1);
}
