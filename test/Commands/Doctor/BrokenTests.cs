using FastGate.Test.StandIn;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class BrokenTests
{
    public static IEnumerable<object[]> Names => FaultScenarios.All.Select(scenario => new object[] { scenario.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task BrokenInstallation_IsFound_AndNothingElse(string name)
    {
        FaultScenario scenario = FaultScenarios.All.Single(item => item.Name == name);
        await using DoctorHarness harness = await DoctorHarness.OpenAsync(scenario.WithTailscale);
        harness.IsSlow = scenario.Failures.Any(failure => DoctorHarness.TimeChecks.Contains(failure.Id));
        await scenario.BreakAsync(harness);
        DoctorReport report = await harness.DiagnoseAsync(scenario.WithModels ? [] : ["--skip-model-tests"]);
        report.CheckFailed([.. scenario.Failures.Select(failure => failure.Id)]);
        foreach ((string id, string cure) in scenario.Failures)
            Assert.Contains(cure, report.CureOf(id), $"the cure of {id}");
        Assert.IsTrue(
            scenario.Failures.Any(failure =>
                report.MessageOf(failure.Id).Contains(scenario.Message, StringComparison.Ordinal)
            ),
            report.ToString()
        );
    }

    [TestMethod]
    public async Task OllamaWithoutAModel_SkipsWhatNeedsOne_AndPrintsHowToGetOne()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        StandInOllama ollama = await harness.StartOllamaAsync();
        ollama.Overrides["/api/tags"] = (200, "{\"models\":[]}");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync();
        report.CheckFailed();
        Assert.Contains("fastgate warm", report.CureOf("model"));
        Assert.AreEqual("no model is installed", report.MessageOf("openai-chat"));
    }

    [TestMethod]
    public async Task ModelsElsewhere_AndEmbeddingModels_AreNotUsed()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        StandInOllama ollama = await harness.StartOllamaAsync();
        ollama.Overrides["/api/tags"] = (
            200,
            """
            {"models":[{"name":"big:cloud","size":300},{"name":"far","size":301,"remote_host":"https://ollama.com"},
             {"name":"nomic-embed-text:latest","size":400},{"name":"minilm","size":401,"details":{"family":"bert"}},
             {"name":"qwen2.5-coder:32b","size":900},{"name":"larger","size":901}]}
            """
        );
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync();
        report.CheckFailed();
        Assert.AreEqual("qwen2.5-coder:32b", report.FactsOf("model").GetProperty("model").GetString());
    }
}
