using System.Text.Json;
using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>An API call through the gate: skipped if the allowlist excludes it, and explained if it fails.</summary>
internal sealed class ApiCall(DoctorContext context)
{
    /// <summary>Loading a model can take minutes, and the gate waits as long.</summary>
    public static readonly TimeSpan ModelTimeout = TimeSpan.FromMinutes(5);

    /// <param name="probe">Sends the request.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="json">The content; null for none.</param>
    /// <param name="examine">What is wrong with a response of status 200, or null and a summary of it.</param>
    /// <param name="reportsRoute">This check reports the route if Ollama does not have it.</param>
    public async Task<CheckResult> SendAsync(
        CheckProbe probe,
        string method,
        string path,
        string? json,
        Func<ProbeResponse, (string? Problem, string Summary)> examine,
        bool reportsRoute = false
    )
    {
        if (await ClosedAsync(probe, method, path, reportsRoute) is { } closed)
            return closed;
        ProbeTarget gate = (await context.GateAsync(probe)).Target!;
        ProbeResponse response = await probe.SendAsync(gate, method, path, json);
        if (await new Explanation(context).OfAsync(probe, response, method, path) is { } failure)
            return failure;
        (string? problem, string summary) = examine(response);
        Fact took = Fact.Of("tookMs", response.Took.TotalMilliseconds);
        return problem is null
            ? CheckResult.Pass(summary, took)
            : CheckResult.Fail(
                $"{problem}: {ResponseText.OneLine(response.Content, 120)}",
                context.Fixes.OllamaLog,
                took
            );
    }

    /// <summary>Sends a request through the gate like <see cref="SendAsync"/>, and examines the response as a stream of
    /// events.</summary>
    public async Task<CheckResult> StreamAsync(
        CheckProbe probe,
        string path,
        string json,
        Func<IReadOnlyList<StreamEvent>, string?> examine
    )
    {
        if (await ClosedAsync(probe, "POST", path, reportsRoute: false) is { } closed)
            return closed;
        ProbeStream stream = await probe.StreamAsync((await context.GateAsync(probe)).Target!, path, json);
        if (await new Explanation(context).OfAsync(probe, stream.Response, "POST", path) is { } failure)
            return failure;
        if (!stream.IsStream)
            return CheckResult.Fail(
                $"the response is not a stream of events, but {stream.Response.ContentType}",
                context.Fixes.OllamaLog
            );
        Fact[] facts =
        [
            Fact.Of("events", stream.Events.Count),
            Fact.Of("firstEventMs", stream.FirstAt.TotalMilliseconds),
            Fact.Of("tookMs", stream.Response.Took.TotalMilliseconds),
        ];
        return examine(stream.Events) is { } problem
            ? CheckResult.Fail(problem, context.Fixes.OllamaLog, facts)
            : CheckResult.Pass($"{stream.Events.Count} events in order", facts);
    }

    /// <summary>Whether a request for a model that does not exist is refused. Needs no model, so it is the check that
    /// reports a missing route.</summary>
    public async Task<CheckResult> MissingModelAsync(CheckProbe probe, string path)
    {
        if (await ClosedAsync(probe, "POST", path, reportsRoute: true) is { } closed)
            return closed;
        ProbeResponse response = await context.ApiRoutes.MissingModelAsync(probe, path);
        bool isError =
            response.Status is 400 or 404 or 500
            && !response.IsFromGate
            && !response.IsMissingRoute
            && response.Json.At("error").ValueKind != JsonValueKind.Undefined;
        if (isError)
        {
            string message = response.Json.At("error", "message").Text() ?? response.Content;
            return CheckResult.Pass($"{response.Status}: {ResponseText.OneLine(message, 80)}");
        }
        return await new Explanation(context).OfAsync(probe, response, "POST", path)
            ?? CheckResult.Fail(
                $"a request for a model that does not exist succeeds: {response.Description}",
                context.Fixes.OllamaLog
            );
    }

    private async Task<CheckResult?> ClosedAsync(CheckProbe probe, string method, string path, bool reportsRoute)
    {
        if (!await context.MayAllowAsync(probe, method, path))
            return CheckResult.Skip($"the allowlist excludes {method} {path}");
        return !reportsRoute && await context.ApiRoutes.IsMissingAsync(probe, path)
            ? CheckResult.Skip($"this Ollama has no {method} {path}")
            : null;
    }
}

/// <summary>The routes of the OpenAI and Anthropic APIs, and whether this Ollama has them.</summary>
internal sealed class ApiRoutes(DoctorContext context)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, Cached<ProbeResponse>> _responses = [];

    /// <summary>The response through the gate to a request for a model that does not exist.</summary>
    public Task<ProbeResponse> MissingModelAsync(CheckProbe probe, string path)
    {
        if (!_responses.TryGetValue(path, out Cached<ProbeResponse>? response))
        {
            response = new(reader => SendAsync(reader, path));
            _responses.Add(path, response);
        }
        return response.GetAsync(probe);
    }

    /// <summary>Whether Ollama has no such route; false for a path of its own API, and for another server.</summary>
    public async Task<bool> IsMissingAsync(CheckProbe probe, string path) =>
        Requests.OfMissingModel(path) is not null
        && !(await context.UpstreamAsync(probe)).IsOther
        && (await MissingModelAsync(probe, path)).IsMissingRoute;

    private Task<ProbeResponse> SendAsync(CheckProbe probe, string path) =>
        probe.WithinAsync(
            Timeout,
            async limited =>
                await limited.SendAsync(
                    (await context.GateAsync(probe)).Target!,
                    "POST",
                    path,
                    Requests.OfMissingModel(path)
                ),
            () => new ProbeResponse { Problem = $"no response within {Timeout.TotalSeconds:0} s" }
        );
}
