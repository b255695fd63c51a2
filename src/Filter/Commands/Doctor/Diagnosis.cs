namespace FastGate.Commands.Doctor;

/// <summary>What is wrong when a request that should have come through did not.</summary>
internal sealed class Diagnosis(Patient patient)
{
    private Remedies Remedies => patient.Remedies;

    /// <summary>Null if all is well.</summary>
    public Finding? Of(Heard heard, string method, string path)
    {
        if (heard.Status is >= 200 and < 300) return null;
        if (heard.Status == 0) return Finding.Fail($"{method} {path}: {heard.Problem}", Remedies.GateLog);
        if (heard.IsPolicy) return Closed(method, path);
        if (heard.IsGates) return Gates(heard);
        if (heard.IsHostGuard) return HostGuard($"Ollama refuses the name in Host of {method} {path} (403 without a word)");
        if (heard.IsNoRoute) return NoRoute(method, path);
        if (heard.Status is 404 or 501 && patient.Upstream is UpstreamKind.LlamaCpp or UpstreamKind.OpenAi)
            return Finding.Skip($"{Upstreams.Name(patient.Upstream)} has no {method} {path}, or was started without it: {heard.Says}");
        return Finding.Fail($"{method} {path}: {heard.Says}", Remedies.OllamaLog);
    }

    /// <summary>Ollama's guard against DNS rebinding saw the client's name.</summary>
    public Finding HostGuard(string says) => Finding.Fail(
        patient.Plan.Listeners.Any(listener => listener.Options.Policy.PreserveHost)
            ? $"{says}: remove \"host\": \"preserve\" from the config" : says,
        patient.Plan.Listeners.Any(listener => listener.Options.Policy.PreserveHost) || patient.IsRemote ? Remedies.EditConfig : Remedies.RestartGate);

    private Finding Closed(string method, string path) => patient.Rules is not null
        ? Finding.Fail($"FastGate refuses {method} {path}, which its config allows: it runs with other rules", $"{Remedies.CheckConfig} && {Remedies.RestartGate}")
        : Finding.Skip($"the allowlist there closes {method} {path}");

    private Finding Gates(Heard heard) => heard.Status switch
    {
        503 when heard.Content.Contains("Ollama does not answer", StringComparison.Ordinal) =>
            Finding.Fail("FastGate says that Ollama does not answer", Remedies.StartOllama),
        502 => Finding.Fail($"FastGate got no answer that it could pass on: {heard.Says}", Remedies.OllamaLog),
        _ => Finding.Fail(heard.Says, Remedies.GateLog),
    };

    // Said once: the other checks of the same route would only repeat it.
    private Finding NoRoute(string method, string path) => patient.MissingRoutes.Add(path)
        ? Finding.Fail($"this Ollama{(patient.OllamaVersion.Length > 0 ? $" ({patient.OllamaVersion})" : "")} has no {method} {path}: it is too old", Remedies.UpdateOllama)
        : Finding.Skip($"this Ollama has no {method} {path}, as said above");
}
