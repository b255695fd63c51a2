using FastGate.Test.StandIn;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class BrokenTests
{
    public static IEnumerable<object[]> Names => Illnesses.All.Select(illness => new object[] { illness.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public async Task BrokenInstallation_IsFound_AndNothingElse(string name)
    {
        Illness illness = Illnesses.All.Single(item => item.Name == name);
        await using Clinic clinic = await Clinic.OpenAsync(illness.WithTailscale);
        clinic.IsSlow = illness.Failures.Any(failure => Clinic.TimeChecks.Contains(failure.Id));
        await illness.BreakAsync(clinic);
        DoctorReport report = await clinic.AskAsync(illness.WithModels ? [] : ["--skip-model-tests"]);
        report.CheckFailed([.. illness.Failures.Select(failure => failure.Id)]);
        foreach ((string id, string cure) in illness.Failures)
            Assert.Contains(cure, report.CureOf(id), $"the cure of {id}");
        Assert.IsTrue(
            illness.Failures.Any(failure =>
                report.MessageOf(failure.Id).Contains(illness.Says, StringComparison.Ordinal)
            ),
            report.ToString()
        );
    }

    [TestMethod]
    public async Task OllamaWithoutAModel_SkipsWhatNeedsOne_AndPrintsHowToGetOne()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        StandInOllama ollama = await clinic.StartOllamaAsync();
        ollama.Instead["/api/tags"] = (200, "{\"models\":[]}");
        clinic.StartGate();
        DoctorReport report = await clinic.AskAsync();
        report.CheckFailed();
        Assert.Contains("fastgate warm", report.CureOf("model"));
        Assert.AreEqual("no model is installed", report.MessageOf("openai-chat"));
    }

    [TestMethod]
    public async Task ModelsElsewhere_AndEmbeddingModels_AreNotUsed()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        StandInOllama ollama = await clinic.StartOllamaAsync();
        ollama.Instead["/api/tags"] = (
            200,
            """
            {"models":[{"name":"big:cloud","size":300},{"name":"far","size":301,"remote_host":"https://ollama.com"},
             {"name":"nomic-embed-text:latest","size":400},{"name":"minilm","size":401,"details":{"family":"bert"}},
             {"name":"qwen2.5-coder:32b","size":900},{"name":"larger","size":901}]}
            """
        );
        clinic.StartGate();
        DoctorReport report = await clinic.AskAsync();
        report.CheckFailed();
        Assert.AreEqual("qwen2.5-coder:32b", report.FactsOf("model").GetProperty("model").GetString());
    }
}
