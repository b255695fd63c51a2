using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class ModelNameTests
{
    [TestMethod]
    [DataRow("qwen3", "qwen3:latest")]
    [DataRow("qwen2.5-coder:32b", "qwen2.5-coder:32b")]
    [DataRow("user/model", "user/model:latest")]
    [DataRow("hf.co/user/model:Q4_K_M", "hf.co/user/model:Q4_K_M")]
    [DataRow("localhost:5000/library/x:1", "localhost:5000/library/x:1")]
    [DataRow("library/qwen3:8b", "qwen3:8b")]
    [DataRow("registry.ollama.ai/library/qwen3", "qwen3:latest")]
    [DataRow("registry.ollama.ai/user/qwen3", "user/qwen3:latest")]
    public void Name_IsInOllamasForm(string text, string expected)
    {
        Assert.IsTrue(ModelName.TryParse(text, out string? name, out _));
        Assert.AreEqual(expected, name);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" ")]
    [DataRow("a b")]
    [DataRow("-x")]
    [DataRow("../../etc/passwd")]
    [DataRow("a//b")]
    [DataRow("a/")]
    [DataRow("a:")]
    [DataRow(":a")]
    [DataRow("a:b:c")]
    [DataRow("a:1/b")]
    [DataRow("a/b/c/d")]
    [DataRow("a\",\"insecure\":true,\"x\":\"")]
    [DataRow("a\u001b[31m")]
    [DataRow("modèle")]
    public void Nonsense_IsAProblem(string text)
    {
        Assert.IsFalse(ModelName.TryParse(text, out _, out string? problem));
        Assert.Contains("not a model name", problem);
    }

    [TestMethod]
    public void NameAtTheLengthLimit_IsValid()
    {
        Assert.IsTrue(ModelName.TryParse(new string('x', 593), out _, out _));
        Assert.IsFalse(ModelName.TryParse(new string('x', 594), out _, out _));
    }
}
