using System.Text;
using System.Text.Json;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
[TestCategory(Category.Process)]
public sealed class HealthyTests
{
    [TestMethod]
    public async Task HealthyMachine_PassesAll()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        await harness.StartOllamaAsync();
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync();
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
    public async Task Doctor_SendsOllamaNothingThatChangesIt()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        StandInOllama ollama = await harness.StartOllamaAsync();
        harness.StartGate();
        await harness.DiagnoseAsync("--skip-model-tests");
        string[] lines = [.. ollama.Received.Lines.Distinct()];
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
    public async Task Doctor_IsInNoLogAndInNoCount()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        await harness.StartOllamaAsync();
        harness.StartGate();
        (await harness.DiagnoseAsync()).CheckFailed();
        Assert.AreEqual("", (await harness.RunVerbAsync("logs", "--lines", "1000", "--json")).Output);
        Assert.StartsWith("fastgate logs: no ", (await harness.RunVerbAsync("logs", "--learn")).Faults);
        string[] probes = (await harness.RunVerbAsync("logs", "--lines", "1000", "--json", "--probes")).Output.Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        Assert.IsGreaterThan(400, probes.Length);
        string status = (await harness.RunVerbAsync("status", "--json")).Output;
        GateSnapshot gate = SnapshotJson.TryRead(
            Encoding.UTF8.GetBytes(JsonDocument.Parse(status).RootElement.GetProperty("gate").GetRawText())
        )!;
        Assert.AreEqual("", gate.Listeners[0].Verdicts.Describe());
        Assert.IsEmpty(gate.RefusedRoutes);
        Assert.IsGreaterThanOrEqualTo(probes.Length, gate.ProbeRequests);
    }

    [TestMethod]
    public async Task FlagsThatSkip_Skip()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        await harness.StartOllamaAsync();
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests", "--skip-anthropic-tests");
        report.CheckFailed();
        foreach (string id in report.All.Where(id => id.StartsWith("anthropic-", StringComparison.Ordinal)))
            Assert.AreEqual("--skip-anthropic-tests", report.MessageOf(id));
        Assert.AreEqual("--skip-model-tests", report.MessageOf("openai-chat"));
        Assert.AreEqual("--skip-model-tests", report.MessageOf("stream-unbuffered"));
    }

    [TestMethod]
    public async Task Client_ChecksTheGateFromOutside()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        await harness.StartOllamaAsync();
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--target", $"{DoctorHarness.Four}:{DoctorHarness.Port}");
        report.CheckFailed();
        Assert.IsEmpty(report.Skipped, report.ToString());
        Assert.DoesNotContain("ollama-loopback", report.All);
        Assert.IsGreaterThanOrEqualTo(40, report.Passed);
    }

    [TestMethod]
    public async Task ClientWithoutAGate_IsReported()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        await harness.StartOllamaAsync(DoctorHarness.Four);
        DoctorReport report = await harness.DiagnoseAsync("--target", $"{DoctorHarness.Four}:{DoctorHarness.Port}");
        report.CheckFailed("gate-answers");
        Assert.Contains("is Ollama itself", report.MessageOf("gate-answers"));
        DoctorReport refused = await harness.DiagnoseAsync("--target", $"{DoctorHarness.Four}:1");
        refused.CheckFailed("gate-answers");
        Assert.Contains("nothing responds", refused.MessageOf("gate-answers"));
    }

    [TestMethod]
    public async Task MachineWithNothingInstalled_GetsTheStepsToTake()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync(withTailscale: false);
        harness.SetOutput("fastgate.service", LinuxTools.NoUnit);
        harness.SetOutput("ollama.service", LinuxTools.NoUnit);
        harness.SetOutput("tailscale.json", "");
        DoctorReport report = await harness.DiagnoseAsync();
        report.CheckFailed("gate-agent", "gate-listens", "ollama-answers");
        Assert.Contains("fastgate install", report.CureOf("gate-agent"));
        Assert.Contains("install.sh", report.CureOf("ollama-answers"));
        Assert.AreEqual("tailscale status prints no JSON: exit code 0", report.MessageOf("tailscale-state"));
    }
}
