using FastGate.Test.StandIn;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class HealthyTests
{
    [TestMethod]
    public async Task HealthyMachine_PassesAll()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync();
        said.CheckFailed();
        // The stand-in runs as root like the tests, no resolver is there, and a machine full of tests may be too busy
        // to measure.
        Assert.AreEqual(
            "ollama-owner tailscale-name",
            string.Join(' ', said.Skipped.Where(id => id != "latency")),
            said.ToString()
        );
        Assert.IsGreaterThanOrEqualTo(55, said.Passed);
        Assert.AreEqual(22, said.FactsOf("refuses-api-pull").GetProperty("spellings").GetInt32());
        Assert.Contains("POST /api/pull", said.FactsOf("closed-routes").GetProperty("closed").GetString()!);
        Assert.Contains("/api/chat", said.SaysOf("closed-routes"));
        Assert.DoesNotContain("/api/tags", said.SaysOf("closed-routes"));
        Assert.AreEqual(7, said.FactsOf("stream-unbuffered").GetProperty("events").GetInt32());
        Assert.IsGreaterThanOrEqualTo(5, said.FactsOf("stream-unbuffered").GetProperty("arrivals").GetInt32());
    }

    [TestMethod]
    public async Task NothingOfTheExaminationReachesOllama_ThatItMustNot()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        StandInOllama ollama = await clinic.StartOllamaAsync();
        clinic.StartGate();
        await clinic.AskAsync("--skip-model-tests");
        string[] asked = [.. ollama.Seen.Lines.Distinct()];
        Assert.IsNotEmpty(asked);
        // PATCH is no method of any route: it is how doctor asks whether there is one.
        Assert.IsEmpty(
            asked.Where(line =>
                !line.StartsWith("PATCH ", StringComparison.Ordinal)
                && !(
                    (string[])
                        [
                            "GET /api/version",
                            "GET /api/status",
                            "GET /api/tags",
                            "POST /api/show",
                            "GET /v1/models",
                            "POST /v1/chat/completions",
                            "POST /v1/messages",
                            "GET //fastgate-doctor",
                        ]
                ).Any(open => line.StartsWith(open, StringComparison.Ordinal))
            ),
            string.Join('\n', asked)
        );
    }

    [TestMethod]
    public async Task FlagsThatSkip_Skip()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests", "--skip-anthropic-tests");
        said.CheckFailed();
        foreach (string id in said.All.Where(id => id.StartsWith("anthropic-", StringComparison.Ordinal)))
            Assert.AreEqual("--skip-anthropic-tests", said.SaysOf(id));
        Assert.AreEqual("--skip-model-tests", said.SaysOf("openai-chat"));
        Assert.AreEqual("--skip-model-tests", said.SaysOf("stream-unbuffered"));
    }

    [TestMethod]
    public async Task Client_SeesTheGateFromOutside()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--target", $"{Clinic.Four}:{Clinic.Port}");
        said.CheckFailed();
        Assert.IsEmpty(said.Skipped, said.ToString());
        Assert.DoesNotContain("ollama-loopback", said.All);
        Assert.IsGreaterThanOrEqualTo(40, said.Passed);
    }

    [TestMethod]
    public async Task ClientThatMeetsNoGate_IsTold()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync(Clinic.Four);
        Diagnoses said = await clinic.AskAsync("--target", $"{Clinic.Four}:{Clinic.Port}");
        said.CheckFailed("gate-answers");
        Assert.Contains("is Ollama itself", said.SaysOf("gate-answers"));
        Diagnoses silent = await clinic.AskAsync("--target", $"{Clinic.Four}:1");
        silent.CheckFailed("gate-answers");
        Assert.Contains("nothing responds", silent.SaysOf("gate-answers"));
    }

    [TestMethod]
    public async Task MachineWithNothingOnIt_GetsAList()
    {
        await using Clinic clinic = await Clinic.OpenAsync(withTailscale: false);
        clinic.Say("fastgate.service", LinuxTools.NoUnit);
        clinic.Say("ollama.service", LinuxTools.NoUnit);
        clinic.Say("tailscale.json", "");
        Diagnoses said = await clinic.AskAsync();
        said.CheckFailed("gate-agent", "gate-listens", "ollama-answers");
        Assert.Contains("fastgate install", said.CureOf("gate-agent"));
        Assert.Contains("install.sh", said.CureOf("ollama-answers"));
        Assert.AreEqual("tailscale status prints no JSON: exit code 0", said.SaysOf("tailscale-state"));
    }
}
