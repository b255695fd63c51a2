using FastGate.Host;

namespace FastGate.Commands.Doctor;

/// <summary>Explains why a request that the gate should forward did not succeed.</summary>
internal sealed class Explanation(DoctorContext context)
{
    private Fixes Fixes => context.Fixes;

    private bool PreservesHost => context.Plan.Listeners.Any(listener => listener.Options.Policy.PreserveHost);

    /// <param name="probe">Reads what the explanation needs.</param>
    /// <param name="response">The response through the gate.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="path">Its path.</param>
    /// <param name="reportsRoute">A route that this Ollama does not have is a failure; else it is a reason to skip,
    /// because another check reports it.</param>
    /// <returns>Null if the request succeeded.</returns>
    public async Task<CheckResult?> OfAsync(
        CheckProbe probe,
        ProbeResponse response,
        string method,
        string path,
        bool reportsRoute = true
    )
    {
        if (response.Status is >= 200 and < 300)
            return null;
        if (response.Status == 0)
            return CheckResult.Fail($"{method} {path}: {response.Problem}", Fixes.GateLog);
        if (response.IsPolicy)
            return await ClosedAsync(probe, method, path);
        if (response.IsFromGate)
            return await GatesAsync(probe, response);
        if (response.IsHostGuard)
            return HostGuard($"Ollama refuses the host name of {method} {path} (403 without content)");
        if (response.IsMissingRoute)
            return await MissingRouteAsync(probe, method, path, reportsRoute);
        FoundUpstream upstream = await context.UpstreamAsync(probe);
        if (response.Status is 404 or 501 && upstream.IsOther)
            return CheckResult.Skip(
                $"{Upstreams.Name(upstream.Kind)} has no {method} {path}, or was started without it: "
                    + response.Description
            );
        return CheckResult.Fail($"{method} {path}: {response.Description}", Fixes.OllamaLog);
    }

    /// <summary>Ollama's protection against DNS rebinding refused the client's host name.</summary>
    public CheckResult HostGuard(string message) =>
        CheckResult.Fail(
            PreservesHost ? $"{message}: remove \"host\": \"preserve\" from the config" : message,
            PreservesHost || context.IsRemote ? Fixes.EditConfig : Fixes.RestartGate
        );

    private async Task<CheckResult> ClosedAsync(CheckProbe probe, string method, string path) =>
        (await context.GateAsync(probe)).Rules is not null
            ? CheckResult.Fail(
                $"FastGate refuses {method} {path}, which its config allows: it is running with other rules",
                $"{Fixes.CheckConfig} && {Fixes.RestartGate}"
            )
            : CheckResult.Skip($"the allowlist there excludes {method} {path}");

    private async Task<CheckResult> GatesAsync(CheckProbe probe, ProbeResponse response) =>
        response.Status switch
        {
            503 when response.Content.Contains("Ollama does not ", StringComparison.Ordinal) => CheckResult.Fail(
                "FastGate reports that Ollama does not respond",
                await Fixes.StartOllamaAsync(probe)
            ),
            502 => CheckResult.Fail(
                $"FastGate received no response that it could forward: {response.Description}",
                Fixes.OllamaLog
            ),
            _ => CheckResult.Fail(response.Description, Fixes.GateLog),
        };

    private async Task<CheckResult> MissingRouteAsync(CheckProbe probe, string method, string path, bool reportsRoute)
    {
        if (!reportsRoute)
            return CheckResult.Skip($"this Ollama has no {method} {path}");
        string version = (await context.UpstreamAsync(probe)).Version;
        return CheckResult.Fail(
            $"this Ollama{(version.Length > 0 ? $" ({version})" : "")} has no {method} {path}: it is too old",
            Fixes.UpdateOllama
        );
    }
}
