namespace FastGate.Commands.Doctor;

/// <summary>What is wrong when a request that should have come through did not.</summary>
internal sealed class Explanation(DoctorContext patient)
{
    private Fixes Remedies => patient.Remedies;

    /// <summary>Null if all is well.</summary>
    public CheckResult? Of(ProbeResponse heard, string method, string path)
    {
        if (heard.Status is >= 200 and < 300)
            return null;
        if (heard.Status == 0)
            return CheckResult.Fail($"{method} {path}: {heard.Problem}", Remedies.GateLog);
        if (heard.IsPolicy)
            return Closed(method, path);
        if (heard.IsGates)
            return Gates(heard);
        if (heard.IsHostGuard)
            return HostGuard($"Ollama refuses the name in Host of {method} {path} (403 without a word)");
        if (heard.IsNoRoute)
            return NoRoute(method, path);
        if (heard.Status is 404 or 501 && patient.Upstream is UpstreamKind.LlamaCpp or UpstreamKind.OpenAi)
            return CheckResult.Skip(
                $"{Upstreams.Name(patient.Upstream)} has no {method} {path}, or was started without it: {heard.Description}"
            );
        return CheckResult.Fail($"{method} {path}: {heard.Description}", Remedies.OllamaLog);
    }

    /// <summary>Ollama's guard against DNS rebinding saw the client's name.</summary>
    public CheckResult HostGuard(string says) =>
        CheckResult.Fail(
            patient.Plan.Listeners.Any(listener => listener.Options.Policy.PreserveHost)
                ? $"{says}: remove \"host\": \"preserve\" from the config"
                : says,
            patient.Plan.Listeners.Any(listener => listener.Options.Policy.PreserveHost) || patient.IsRemote
                ? Remedies.EditConfig
                : Remedies.RestartGate
        );

    private CheckResult Closed(string method, string path) =>
        patient.Rules is not null
            ? CheckResult.Fail(
                $"FastGate refuses {method} {path}, which its config allows: it runs with other rules",
                $"{Remedies.CheckConfig} && {Remedies.RestartGate}"
            )
            : CheckResult.Skip($"the allowlist there closes {method} {path}");

    private CheckResult Gates(ProbeResponse heard) =>
        heard.Status switch
        {
            503 when heard.Content.Contains("Ollama does not answer", StringComparison.Ordinal) => CheckResult.Fail(
                "FastGate says that Ollama does not answer",
                Remedies.StartOllama
            ),
            502 => CheckResult.Fail(
                $"FastGate got no answer that it could pass on: {heard.Description}",
                Remedies.OllamaLog
            ),
            _ => CheckResult.Fail(heard.Description, Remedies.GateLog),
        };

    // Said once: the other checks of the same route would only repeat it.
    private CheckResult NoRoute(string method, string path) =>
        patient.MissingRoutes.Add(path)
            ? CheckResult.Fail(
                $"this Ollama{(patient.OllamaVersion.Length > 0 ? $" ({patient.OllamaVersion})" : "")} "
                    + $"has no {method} {path}: it is too old",
                Remedies.UpdateOllama
            )
            : CheckResult.Skip($"this Ollama has no {method} {path}, as said above");
}
