using System.Net;
using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// Regression: with an upstream other than Ollama, doctor skipped 20 checks and passed with <c>POST /tools</c> open,
/// and it reported a refusal by Ollama's CORS as a wrong host name.
/// </summary>
[TestClass]
public sealed class OtherUpstreamTests
{
    private const string Plain =
        "\"upstream\": \"127.0.0.1:8080\", \"allow\": [\"GET,HEAD /v1/models\", \"GET /health\", \"POST "
        + "/v1/chat/completions\"]";

    private static readonly IPEndPoint Usual = new(IPAddress.Loopback, 8080);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task LlamaCpp_IsRecognized_AndCheckedAsFarAsPossible(bool isNamed)
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        harness.Add(new LlamaServer(Usual, harness.Network, isNamed));
        harness.WriteConfig($"{Plain}, \"readyConnections\": 1");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed();
        Assert.Contains(
            "llama.cpp's server responds at 127.0.0.1:8080, not Ollama",
            report.MessageOf("ollama-answers")
        );
        Assert.AreEqual("the upstream is llama.cpp's server, not Ollama", report.MessageOf("ollama-version"));
        Assert.AreEqual("tiny.gguf, the smallest model that can chat (of 1)", report.MessageOf("model"));
        foreach (
            string id in (string[])["forwards-allowed", "refuses-second", "host-address", "openai-models", "rules"]
        )
            Assert.DoesNotContain(id, report.Skipped, id);
        Assert.IsEmpty(
            report.Skipped.Where(id => report.MessageOf(id).Contains("does not respond", StringComparison.Ordinal)),
            report.ToString()
        );
    }

    [TestMethod]
    public async Task LlamaCppWithFourReadyConnections_Fails()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        harness.Add(new LlamaServer(Usual, harness.Network));
        harness.WriteConfig(Plain);
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed("ollama-answers");
        Assert.Contains("set \"readyConnections\": 1", report.MessageOf("ollama-answers"));
    }

    [TestMethod]
    [DataRow("POST /tools")]
    [DataRow("GET /slots")]
    [DataRow("POST /slots/{id}")]
    [DataRow("POST /models/{what}")]
    [DataRow("DELETE /v1/stream/{id}")]
    public async Task RuleThatOpensItsManagement_IsFound(string rule)
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        harness.Add(new LlamaServer(Usual, harness.Network));
        harness.WriteConfig($"{Plain.TrimEnd(']')}, \"{rule}\"], \"readyConnections\": 1");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed("rules");
        Assert.Contains($"{rule} in \"allow\" opens", report.MessageOf("rules"));
    }

    [TestMethod]
    [TestCategory(Category.Process)]
    public async Task Status_NamesTheUpstream()
    {
        await using LlamaServer llama = new(new IPEndPoint(IPAddress.Loopback, 0));
        using GateProcess gate = GateProcess.Start(
            "--config",
            Cli.Empty,
            "--listen",
            $"127.0.0.1:{Ports.Free()}",
            "--upstream",
            $"{llama.EndPoint}",
            "--access-log",
            "off"
        );
        gate.WaitFor("Upstream: ");
        await using ChildProcess status = ChildProcess.Start(
            SourceTree.Program,
            ["status", "--socket", gate.MetricsSocket]
        );
        (_, string output, _) = await status.EndAsync(StepDeadline.Longest);
        Assert.Contains("responds (llama.cpp's server)", output);
    }

    [TestMethod]
    public async Task Warm_WorksOnlyWithOllama()
    {
        await using LlamaServer llama = new(new IPEndPoint(IPAddress.Loopback, 0));
        CliResult result = await Cli.RunAsync("warm", "--config", Cli.Empty, "--upstream", $"{llama.EndPoint}", "tiny");
        Assert.AreEqual(2, result.Code);
        Assert.Contains("is llama.cpp, which loads its model at startup", result.Error);
        Assert.Contains("warm works only with Ollama", result.Error);
        Assert.DoesNotContain("ollama serve", result.Error);
    }

    [TestMethod]
    public async Task PagesThatOllamaRefuses_AreReportedWithItsVariable()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        StandInOllama ollama = await harness.StartOllamaAsync();
        harness.WriteConfig("\"allow\": [\"@seed\", \"@browser\"]");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed();
        Assert.Contains("pages from any origin are accepted", report.MessageOf("browser-origin"));

        ollama.Origins = origin => origin.StartsWith("http://localhost", StringComparison.Ordinal);
        report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed();
        Assert.Contains(
            "chrome-extension://fastgatedoctor (403 without content) until OLLAMA_ORIGINS lists them",
            report.MessageOf("browser-origin")
        );

        ollama.Origins = _ => false;
        report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed("browser-origin");
        Assert.Contains("OLLAMA_ORIGINS", report.MessageOf("browser-origin"));
        Assert.Contains("OLLAMA_ORIGINS=http://localhost:3000", report.CureOf("browser-origin"));
    }
}
