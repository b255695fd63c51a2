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
        Illness illness = Illnesses.All.Single(each => each.Name == name);
        await using Clinic clinic = await Clinic.OpenAsync(illness.WithTailscale);
        await illness.BreakAsync(clinic);
        Diagnoses said = await clinic.AskAsync(illness.WithModels ? [] : ["--skip-model-tests"]);
        said.CheckFailed([.. illness.Failures.Select(failure => failure.Id)]);
        foreach ((string id, string cure) in illness.Failures)
            Assert.Contains(cure, said.CureOf(id), $"the cure of {id}");
        Assert.IsTrue(
            illness.Failures.Any(failure => said.SaysOf(failure.Id).Contains(illness.Says, StringComparison.Ordinal)),
            said.ToString()
        );
    }

    [TestMethod]
    public async Task OllamaWithoutAModel_SkipsWhatNeedsOne_AndSaysHowToGetOne()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        StandInOllama ollama = await clinic.StartOllamaAsync();
        ollama.Instead["/api/tags"] = (200, "{\"models\":[]}");
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync();
        said.CheckFailed();
        Assert.Contains("fastgate warm", said.CureOf("model"));
        Assert.AreEqual("no model is installed", said.SaysOf("openai-chat"));
    }

    [TestMethod]
    public async Task ModelOfAnotherMachine_AndOneThatEmbeds_AreNotTheOneThatIsUsed()
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
        Diagnoses said = await clinic.AskAsync();
        said.CheckFailed();
        Assert.AreEqual("qwen2.5-coder:32b", said.FactsOf("model").GetProperty("model").GetString());
    }
}
