namespace FastGate.Commands.Doctor;

/// <summary>A call through the gate: skipped where the allowlist closes it, and diagnosed where it fails.</summary>
internal sealed class ApiCall(DoctorContext patient)
{
    /// <summary>Loading a model can take minutes, and the gate waits as well.</summary>
    public static readonly TimeSpan ModelLongest = TimeSpan.FromMinutes(5);

    /// <param name="visit">The check at work.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="json">The content.</param>
    /// <param name="look">What is wrong with an answer of 200; null if nothing, and what is good about it.</param>
    public async Task<CheckResult> AskAsync(
        CheckContext visit,
        string method,
        string path,
        string? json,
        Func<ProbeResponse, (string? Wrong, string Good)> look
    )
    {
        if (Closed(method, path) is { } closed)
            return closed;
        ProbeResponse heard = await visit.AskAsync(patient.Gate!, method, path, json);
        if (new Explanation(patient).Of(heard, method, path) is { } bad)
            return bad;
        (string? wrong, string good) = look(heard);
        Fact took = Fact.Of("tookMs", heard.Took.TotalMilliseconds);
        return wrong is null
            ? CheckResult.Pass(good, took)
            : CheckResult.Fail($"{wrong}: {Texts.OneLine(heard.Content, 120)}", patient.Remedies.OllamaLog, took);
    }

    /// <summary>The same for a stream of events.</summary>
    public async Task<CheckResult> StreamAsync(
        CheckContext visit,
        string path,
        string json,
        Func<IReadOnlyList<StreamEvent>, string?> look
    )
    {
        if (Closed("POST", path) is { } closed)
            return closed;
        ProbeStream heard = await visit.StreamAsync(patient.Gate!, path, json);
        if (new Explanation(patient).Of(heard.Answer, "POST", path) is { } bad)
            return bad;
        if (!heard.IsStream)
            return CheckResult.Fail(
                $"it is no stream of events, but {heard.Answer.ContentType}",
                patient.Remedies.OllamaLog
            );
        Fact[] facts =
        [
            Fact.Of("events", heard.Events.Count),
            Fact.Of("firstEventMs", heard.FirstAt.TotalMilliseconds),
            Fact.Of("tookMs", heard.Answer.Took.TotalMilliseconds),
        ];
        return look(heard.Events) is { } wrong
            ? CheckResult.Fail(wrong, patient.Remedies.OllamaLog, facts)
            : CheckResult.Pass($"{heard.Events.Count} events in their order", facts);
    }

    /// <summary>A model that is not there has to be said, not invented.</summary>
    public async Task<CheckResult> MissingModelAsync(CheckContext visit, string path, string json)
    {
        if (Closed("POST", path) is { } closed)
            return closed;
        ProbeResponse heard = await visit.AskAsync(patient.Gate!, "POST", path, json);
        bool isError =
            heard.Status is 400 or 404 or 500
            && !heard.IsGates
            && !heard.IsNoRoute
            && heard.Json.At("error").ValueKind != System.Text.Json.JsonValueKind.Undefined;
        return isError
            ? CheckResult.Pass(
                $"{heard.Status}: {Texts.OneLine(heard.Json.At("error", "message").Text() ?? heard.Content, 80)}"
            )
            : new Explanation(patient).Of(heard, "POST", path)
                ?? CheckResult.Fail(
                    $"a model that is not there is answered: {heard.Description}",
                    patient.Remedies.OllamaLog
                );
    }

    private CheckResult? Closed(string method, string path) =>
        !patient.MayAllow(method, path) ? CheckResult.Skip($"the allowlist closes {method} {path}")
        : patient.MissingRoutes.Contains(path) ? CheckResult.Skip($"this Ollama has no {method} {path}, as said above")
        : null;
}
