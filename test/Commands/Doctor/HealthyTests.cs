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
        DoctorReport report = await clinic.AskAsync();
        report.CheckFailed();
        // The stand-in runs as root like the tests, there is no resolver, and a machine that runs tests may be too busy to
        // measure.
        Assert.AreEqual(
            "ollama-owner tailscale-name",
            string.Join(' ', report.Skipped.Where(id => id != "latency")),
            report.ToString()
        );
        Assert.IsGreaterThanOrEqualTo(55, report.Passed);
        Assert.AreEqual(22, report.FactsOf("refuses-api-pull").GetProperty("spellings").GetInt32());
        Assert.Contains("POST /api/pull", report.FactsOf("closed-routes").GetProperty("closed").GetString()!);
        Assert.Contains("/api/chat", report.MessageOf("closed-routes"));
        Assert.DoesNotContain("/api/tags", report.MessageOf("closed-routes"));
        Assert.AreEqual(7, report.FactsOf("stream-unbuffered").GetProperty("events").GetInt32());
        Assert.IsGreaterThanOrEqualTo(5, report.FactsOf("stream-unbuffered").GetProperty("arrivals").GetInt32());
    }

    [TestMethod]
    public async Task Examination_SendsOllamaNothingThatChangesIt()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        StandInOllama ollama = await clinic.StartOllamaAsync();
        clinic.StartGate();
        await clinic.AskAsync("--skip-model-tests");
        string[] lines = [.. ollama.Seen.Lines.Distinct()];
        Assert.IsNotEmpty(lines);
        // No route has the method PATCH: doctor sends it to find out whether a route exists.
        Assert.IsEmpty(
            lines.Where(line =>
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
            string.Join('\n', lines)
        );
    }

    [TestMethod]
    public async Task FlagsThatSkip_Skip()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        DoctorReport report = await clinic.AskAsync("--skip-model-tests", "--skip-anthropic-tests");
        report.CheckFailed();
        foreach (string id in report.All.Where(id => id.StartsWith("anthropic-", StringComparison.Ordinal)))
            Assert.AreEqual("--skip-anthropic-tests", report.MessageOf(id));
        Assert.AreEqual("--skip-model-tests", report.MessageOf("openai-chat"));
        Assert.AreEqual("--skip-model-tests", report.MessageOf("stream-unbuffered"));
    }

    [TestMethod]
    public async Task Client_ChecksTheGateFromOutside()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        DoctorReport report = await clinic.AskAsync("--target", $"{Clinic.Four}:{Clinic.Port}");
        report.CheckFailed();
        Assert.IsEmpty(report.Skipped, report.ToString());
        Assert.DoesNotContain("ollama-loopback", report.All);
        Assert.IsGreaterThanOrEqualTo(40, report.Passed);
    }

    [TestMethod]
    public async Task ClientWithoutAGate_IsReported()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        await clinic.StartOllamaAsync(Clinic.Four);
        DoctorReport report = await clinic.AskAsync("--target", $"{Clinic.Four}:{Clinic.Port}");
        report.CheckFailed("gate-answers");
        Assert.Contains("is Ollama itself", report.MessageOf("gate-answers"));
        DoctorReport refused = await clinic.AskAsync("--target", $"{Clinic.Four}:1");
        refused.CheckFailed("gate-answers");
        Assert.Contains("nothing responds", refused.MessageOf("gate-answers"));
    }

    [TestMethod]
    public async Task MachineWithNothingInstalled_GetsTheStepsToTake()
    {
        await using Clinic clinic = await Clinic.OpenAsync(withTailscale: false);
        clinic.Say("fastgate.service", LinuxTools.NoUnit);
        clinic.Say("ollama.service", LinuxTools.NoUnit);
        clinic.Say("tailscale.json", "");
        DoctorReport report = await clinic.AskAsync();
        report.CheckFailed("gate-agent", "gate-listens", "ollama-answers");
        Assert.Contains("fastgate install", report.CureOf("gate-agent"));
        Assert.Contains("install.sh", report.CureOf("ollama-answers"));
        Assert.AreEqual("tailscale status prints no JSON: exit code 0", report.MessageOf("tailscale-state"));
    }
}
