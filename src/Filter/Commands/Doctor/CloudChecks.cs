using System.Text.Json;
using FastGate.Host.Servers;
using FastGate.Launchd;

namespace FastGate.Commands.Doctor;

/// <summary>
/// Whether who may ask Ollama may also use its owner's account at ollama.com. That is for the owner to decide, so it is
/// reported and never fails.
/// </summary>
internal sealed class CloudChecks(DoctorContext patient)
{
    public IEnumerable<DoctorCheck> All() => [new("ollama-cloud", CheckGroup.Isolation, "cloud features", CloudAsync)];

    private async Task<CheckResult> CloudAsync(CheckContext visit)
    {
        // Ollama itself knows best: ~/.ollama/server.json can turn them off as well.
        if (patient is { OllamaAnswers: true, Ollama: { } ollama })
        {
            JsonElement disabled = (await visit.AskAsync(ollama, "GET", "/api/status")).Json.At("cloud", "disabled");
            if (disabled.ValueKind is JsonValueKind.True)
                return Off("Ollama says so");
            if (disabled.ValueKind is JsonValueKind.False)
                return On("Ollama says that they are on");
        }
        if (await SourceAsync(visit) is { } source)
            return Off($"{OllamaCloud.Variable} is set in {source}");
        return On($"{OllamaCloud.Variable} was not seen");
    }

    private static CheckResult Off(string why) =>
        CheckResult.Pass($"off: no cloud models and no web search ({why})", Fact.Of("noCloud", "on"));

    private static CheckResult On(string why) =>
        CheckResult.Pass(
            $"{why}: if this machine is signed in to ollama.com, clients use that account for cloud "
                + $"models; {OllamaCloud.Variable}={OllamaCloud.Off} where Ollama starts turns them off",
            Fact.Of("noCloud", "not seen")
        );

    private async Task<string?> SourceAsync(CheckContext visit)
    {
        if (!patient.Site.Machine.IsMac)
        {
            patient.Units ??= await new UnitSearch(
                new FastGate.Host.Systemd.Systemctl(visit, patient.Site.UserName)
            ).FindAsync();
            return patient
                .Units.FirstOrDefault(unit =>
                    unit.Command.Kind == ServerKind.Ollama && OllamaCloud.IsOff(unit.Variable(OllamaCloud.Variable))
                )
                ?.Source(OllamaCloud.Variable);
        }
        patient.Agents ??= await new AgentSearch(
            patient.Site,
            patient.Places,
            new Launchctl(visit, patient.Site.UserId)
        ).FindAsync();
        return patient
                .Agents.Ollamas.FirstOrDefault(agent =>
                    agent.IsLoaded != false && OllamaCloud.IsOff(agent.Variable(OllamaCloud.Variable))
                )
                ?.Source(OllamaCloud.Variable, patient.Places.Short)
            ?? (
                OllamaCloud.IsOff(patient.Agents.Session.GetValueOrDefault(OllamaCloud.Variable))
                    ? "the login session"
                    : null
            );
    }
}
