using System.Text;
using FastGate.Config;

namespace FastGate.Test.Config;

[TestClass]
public sealed class LlamaCppTests
{
    /// <summary>Four ready connections starve a llama-server of three threads: it never gets to a request.</summary>
    [TestMethod]
    [DataRow("""{"allow": ["@llama-cpp"]}""", true)]
    [DataRow("""{"listen": [{"on": "127.0.0.1:1", "allow": ["GET /a", "@llama-cpp"]}], "warm": 2}""", true)]
    [DataRow("""{"allow": ["@llama-cpp"], "warm": 1}""", false)]
    [DataRow("""{"allow": ["@llama-cpp"], "warm": 0}""", false)]
    [DataRow("""{"allow": ["@seed"]}""", false)]
    public void ReadyConnectionsBeforeLlamaCpp_AreWarnedOf(string text, bool isWarned)
    {
        List<Problem> problems = [];
        List<Problem> warnings = [];
        GateFile file = GateFileReader.Read("a.json", Encoding.UTF8.GetBytes(text), problems);
        new GatePlanner(Configs.Machine, problems, warnings).Plan(file);
        Assert.AreEqual(
            isWarned ? 1 : 0,
            warnings.Count(warning => warning.Message.Contains("\"warm\": 1", StringComparison.Ordinal))
        );
    }
}
