using System.Net;
using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// Before another upstream than Ollama doctor once gave 20 skips "Ollama does not answer", and passed with <c>POST
/// /tools</c> open; and what Ollama's CORS refuses looked like a wrong name in Host.
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
    public async Task LlamaCpp_IsNamed_AndTestedAsFarAsItGoes(bool isNamed)
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.Add(new LlamaServer(Usual, clinic.Network, isNamed));
        clinic.WriteConfig($"{Plain}, \"warm\": 1");
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed();
        Assert.Contains("llama.cpp's server responds at 127.0.0.1:8080, not Ollama", said.SaysOf("ollama-answers"));
        Assert.AreEqual("the upstream is llama.cpp's server, not Ollama", said.SaysOf("ollama-version"));
        Assert.AreEqual("tiny.gguf, the smallest model that can chat (of 1)", said.SaysOf("model"));
        foreach (
            string id in (string[])["forwards-allowed", "refuses-second", "host-address", "openai-models", "rules"]
        )
            Assert.DoesNotContain(id, said.Skipped, id);
        Assert.IsEmpty(
            said.Skipped.Where(id => said.SaysOf(id).Contains("does not respond", StringComparison.Ordinal)),
            said.ToString()
        );
    }

    [TestMethod]
    public async Task LlamaCppWithFourReadyConnections_IsToldToHaveOne()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.Add(new LlamaServer(Usual, clinic.Network));
        clinic.WriteConfig(Plain);
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed("ollama-answers");
        Assert.Contains("set \"warm\": 1", said.SaysOf("ollama-answers"));
    }

    [TestMethod]
    [DataRow("POST /tools")]
    [DataRow("GET /slots")]
    [DataRow("POST /slots/{id}")]
    [DataRow("POST /models/{what}")]
    [DataRow("DELETE /v1/stream/{id}")]
    public async Task RuleThatOpensItsManagement_IsFound(string rule)
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.Add(new LlamaServer(Usual, clinic.Network));
        clinic.WriteConfig($"{Plain.TrimEnd(']')}, \"{rule}\"], \"warm\": 1");
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed("rules");
        Assert.Contains($"{rule} in \"allow\" opens", said.SaysOf("rules"));
    }

    [TestMethod]
    public async Task Status_SaysWhoAnswers()
    {
        await using LlamaServer llama = new(new IPEndPoint(IPAddress.Loopback, 0));
        using GateProcess gate = GateProcess.Start(
            "--config",
            Words.Empty,
            "--listen",
            $"127.0.0.1:{GateProcess.FreePort()}",
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
        Assert.Contains("answers (llama.cpp's server)", output);
    }

    [TestMethod]
    public async Task Warm_SaysThatItWorksOnlyWithOllama()
    {
        await using LlamaServer llama = new(new IPEndPoint(IPAddress.Loopback, 0));
        Answer answer = await Words.RunAsync(
            "warm",
            "--config",
            Words.Empty,
            "--upstream",
            $"{llama.EndPoint}",
            "tiny"
        );
        Assert.AreEqual(2, answer.Code);
        Assert.Contains("llama.cpp's server answers", answer.Error);
        Assert.Contains("warm works only with Ollama", answer.Error);
        Assert.DoesNotContain("ollama serve", answer.Error);
    }

    [TestMethod]
    public async Task PagesThatOllamaRefuses_AreToldWithItsVariable()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        StandInOllama ollama = await clinic.StartOllamaAsync();
        clinic.WriteConfig("\"allow\": [\"@seed\", \"@browser\"]");
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed();
        Assert.Contains("pages from any origin are accepted", said.SaysOf("browser-origin"));

        ollama.Origins = origin => origin.StartsWith("http://localhost", StringComparison.Ordinal);
        said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed();
        Assert.Contains(
            "chrome-extension://fastgatedoctor (403 without content) until OLLAMA_ORIGINS lists them",
            said.SaysOf("browser-origin")
        );

        ollama.Origins = _ => false;
        said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed("browser-origin");
        Assert.Contains("OLLAMA_ORIGINS", said.SaysOf("browser-origin"));
        Assert.Contains("OLLAMA_ORIGINS=http://localhost:3000", said.CureOf("browser-origin"));
    }
}
