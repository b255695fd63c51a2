using FastGate.Launchd;

namespace FastGate.Test.Launchd;

[TestClass]
public sealed class AgentLabelTests
{
    [TestMethod]
    [DataRow("com.fastgate")]
    [DataRow("com.ollama")]
    [DataRow("homebrew.mxcl.haproxy")]
    [DataRow("com.example.fast-gate_2")]
    public void ReverseDns_IsAccepted(string text)
    {
        AgentLabel label = Check(text);
        Assert.AreEqual(text, label.ToString());
        Assert.AreEqual(text + ".plist", label.PropertyListFileName);
        Assert.AreEqual("gui/501/" + text, label.ServiceTarget(501));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("fastgate")]
    [DataRow(".")]
    [DataRow("com.")]
    [DataRow(".fastgate")]
    [DataRow("com..fastgate")]
    [DataRow("../com.fastgate")]
    [DataRow("com.fastgate/x")]
    [DataRow("com.fast gate")]
    [DataRow("com.fastgate\n")]
    [DataRow("com.-fastgate")]
    [DataRow("com.fästgate")]
    public void AnythingElse_IsRefusedWithAnExample(string text)
    {
        Assert.IsFalse(AgentLabel.TryParse(text, out AgentLabel? label, out string? problem));
        Assert.IsNull(label);
        Assert.Contains("com.fastgate", problem!);
    }

    [TestMethod]
    public void LongestLabel_IsAccepted_OneCharacterMoreIsNot()
    {
        string longest = "com." + new string('x', 124);
        Check(longest);
        Assert.IsFalse(AgentLabel.TryParse(longest + "x", out _, out _));
    }

    [TestMethod]
    public void DomainTarget_IsTheLoginSession() => Assert.AreEqual("gui/501", AgentLabel.DomainTarget(501));

    private static AgentLabel Check(string text)
    {
        Assert.IsTrue(AgentLabel.TryParse(text, out AgentLabel? label, out string? problem), problem);
        return label!;
    }
}
