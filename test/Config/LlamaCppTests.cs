using System.Text;
using FastGate.Config;

namespace FastGate.Test.Config;

[TestClass]
public sealed class LlamaCppTests
{
    /// <summary>Four ready connections occupy all threads of a llama-server with three, so it serves no
    /// request.</summary>
    [TestMethod]
    [DataRow("""{"allow": ["@llama-cpp"]}""", true)]
    [DataRow("""{"listen": [{"on": "127.0.0.1:1", "allow": ["GET /a", "@llama-cpp"]}], "readyConnections": 2}""", true)]
    [DataRow("""{"allow": ["@llama-cpp"], "readyConnections": 1}""", false)]
    [DataRow("""{"allow": ["@llama-cpp"], "readyConnections": 0}""", false)]
    [DataRow("""{"allow": ["@seed"]}""", false)]
    public void ReadyConnectionsToLlamaCpp_AreAWarning(string text, bool isWarning)
    {
        List<Problem> problems = [];
        List<Problem> warnings = [];
        GateFile file = GateFileReader.Read("a.json", Encoding.UTF8.GetBytes(text), problems);
        new GatePlanner(Configs.Machine, problems, warnings).Plan(file);
        Assert.AreEqual(
            isWarning ? 1 : 0,
            warnings.Count(warning => warning.Message.Contains("\"readyConnections\": 1", StringComparison.Ordinal))
        );
    }
}
