namespace FastGate.Commands.Doctor;

/// <summary>Whether tokens arrive as they are produced: the same stream through the gate and directly, in turn.</summary>
internal sealed class StreamChecks(Patient patient)
{
    private const int Rounds = 2;

    // A stream with fewer events could come in two pieces by chance.
    private const int EventsFew = 6;
    private const double GapAddedMsMax = 250;
    private const double TokenAddedMsMax = 5;

    private readonly List<HeardStream> through = [];
    private readonly List<HeardStream> direct = [];

    public IEnumerable<DoctorCheck> All() =>
    [
        new("stream-unbuffered", CheckGroup.Streaming, "tokens as they come", UnbufferedAsync)
        {
            Needs = Needs.ModelTests | Needs.Gate | Needs.Upstream | Needs.Model,
            Longest = ApiCall.ModelLongest,
        },
        new("stream-gap", CheckGroup.Streaming, "largest gap", _ => Task.FromResult(Gap())) { Needs = Needs.ModelTests },
        new("stream-delay", CheckGroup.Streaming, "delay per token", _ => Task.FromResult(Delay())) { Needs = Needs.ModelTests },
    ];

    private async Task<Finding> UnbufferedAsync(Visit visit)
    {
        (string Path, string Json)[] ways = [(Requests.Chat, Requests.Counting(patient.Model!)), (Requests.Messages, Requests.CountingMessages(patient.Model!))];
        (string path, string json) = ways.FirstOrDefault(way => patient.MayAllow("POST", way.Path) && !patient.MissingRoutes.Contains(way.Path));
        if (path is null) return Finding.Skip("the allowlist closes every call that streams");
        for (int n = 0; n < Rounds; n++)
        {
            HeardStream one = await visit.StreamAsync(patient.Gate!, path, json);
            if (new Diagnosis(patient).Of(one.Answer, "POST", path) is { } bad) return bad;
            through.Add(one);
            if (patient.Ollama is not { } ollama) continue;
            HeardStream other = await visit.StreamAsync(ollama, path, json);
            if (!other.IsStream) return Finding.Skip($"Ollama itself does not stream: {other.Answer.Says}");
            direct.Add(other);
        }
        return Judge();
    }

    private Finding Judge()
    {
        HeardStream gate = through.MaxBy(each => each.Arrivals)!;
        HeardStream? own = direct.MaxBy(each => each.Arrivals);
        Fact[] facts = [Fact.Of("events", gate.Events.Count), Fact.Of("arrivals", gate.Arrivals), Fact.Of("directArrivals", own?.Arrivals ?? 0)];
        string says = $"{gate.Events.Count} events arrived at {gate.Arrivals} moments";
        if (own is not null && IsLump(own))
            return Finding.Fail($"{own.Events.Count} events come at once even without the gate: something between the gate and Ollama buffers", patient.Remedies.WhoHas(patient.Plan.Upstream.Port), facts);
        if (own is null ? IsLump(gate) : gate.Arrivals * 2 < own.Arrivals)
            return Finding.Fail($"{says}{(own is null ? "" : $", {own.Arrivals} without the gate")}: something before the gate buffers", patient.Remedies.WhoHas(patient.Gate!.EndPoint.Port), facts);
        return Finding.Pass(own is null ? says : $"{says}, {own.Arrivals} without the gate", facts);
    }

    private Finding Gap()
    {
        if (through.Count == 0) return Finding.Skip("no stream was measured");
        double gate = through.Min(each => each.LargestGap.TotalMilliseconds);
        if (direct.Count == 0) return Finding.Pass($"{gate:0.0} ms", Fact.Of("gapMs", gate));
        double own = direct.Min(each => each.LargestGap.TotalMilliseconds);
        Fact[] facts = [Fact.Of("gapMs", gate), Fact.Of("directGapMs", own)];
        string says = $"{gate:0.0} ms through the gate, {own:0.0} ms without";
        return gate > (2 * own) + GapAddedMsMax ? Finding.Fail($"{says}: something holds tokens back", patient.Remedies.WhoHas(patient.Gate!.EndPoint.Port), facts) : Finding.Pass(says, facts);
    }

    private Finding Delay()
    {
        if (through.Count == 0 || through[0].Events.Count < 2) return Finding.Skip("no stream was measured");
        double gate = through.Min(PerToken);
        if (direct.Count == 0) return Finding.Pass($"{gate:0.00} ms from token to token", Fact.Of("tokenMs", gate));
        double own = direct.Min(PerToken);
        double added = gate - own;
        Fact[] facts = [Fact.Of("tokenMs", gate), Fact.Of("directTokenMs", own), Fact.Of("addedMs", added)];
        string says = $"{gate:0.00} ms from token to token, {own:0.00} ms without the gate ({added:+0.00;-0.00} ms)";
        return added > Math.Max(TokenAddedMsMax, own / 2) ? Finding.Fail(says, $"uptime ; {patient.Remedies.GateLog}", facts) : Finding.Pass(says, facts);
    }

    private static bool IsLump(HeardStream stream) => stream.Events.Count >= EventsFew && stream.Arrivals <= 2;

    private static double PerToken(HeardStream stream) => stream.Events.Count < 2 ? 0 : stream.Span.TotalMilliseconds / (stream.Events.Count - 1);
}
