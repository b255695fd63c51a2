using System.Text.Json;
using FastGate.Host;
using FastGate.Host.Servers;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Whether clients of Ollama may also use its owner's account at ollama.com. That is the owner's decision, so it is
/// reported and never fails.
/// </summary>
internal sealed class CloudChecks(DoctorContext context)
{
    public IEnumerable<DoctorCheck> All() => [new("ollama-cloud", CheckGroup.Isolation, "cloud features", CloudAsync)];

    private async Task<CheckResult> CloudAsync(CheckProbe probe)
    {
        // Ollama's own report comes first: ~/.ollama/server.json can turn the features off as well.
        if (context.Ollama is { } ollama && (await context.UpstreamAsync(probe)).Kind == UpstreamKind.Ollama)
        {
            JsonElement disabled = (await probe.SendAsync(ollama, "GET", "/api/status")).Json.At("cloud", "disabled");
            if (disabled.ValueKind is JsonValueKind.True)
                return Off("reported by Ollama");
            if (disabled.ValueKind is JsonValueKind.False)
                return On("on, as reported by Ollama");
        }
        return await SourceAsync(probe) is { } source
            ? Off($"{OllamaCloud.Variable} is set in {source}")
            : On($"{OllamaCloud.Variable} is not set");
    }

    private static CheckResult Off(string reason) =>
        CheckResult.Pass($"off: no cloud models and no web search ({reason})", Fact.Of("noCloud", "on"));

    private static CheckResult On(string reason) =>
        CheckResult.Pass(
            $"{reason}: if this machine is signed in to ollama.com, clients use that account for cloud models. To turn "
                + $"them off, set {OllamaCloud.Variable}={OllamaCloud.Off} where Ollama starts",
            Fact.Of("noCloud", "not seen")
        );

    private async Task<string?> SourceAsync(CheckProbe probe)
    {
        if (!context.Host.Machine.IsMac)
            return (await context.UnitsAsync(probe))
                .FirstOrDefault(unit =>
                    unit.Command.Kind == ServerKind.Ollama && OllamaCloud.IsOff(unit.Variable(OllamaCloud.Variable))
                )
                ?.Source(OllamaCloud.Variable);
        FoundAgents agents = await context.AgentsAsync(probe);
        return agents
                .Ollamas.FirstOrDefault(agent =>
                    agent.IsLoaded != false && OllamaCloud.IsOff(agent.Variable(OllamaCloud.Variable))
                )
                ?.Source(OllamaCloud.Variable, context.Paths.Short)
            ?? (OllamaCloud.IsOff(agents.Session.GetValueOrDefault(OllamaCloud.Variable)) ? "the login session" : null);
    }
}
