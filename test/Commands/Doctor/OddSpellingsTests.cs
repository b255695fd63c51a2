using System.Text;
using FastGate.Commands.Doctor;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class OddSpellingsTests
{
    /// <summary>An Ollama that receives one responds "missing request body" and does nothing.</summary>
    [TestMethod]
    public void NoSpelling_HasContent()
    {
        foreach (
            string request in OddSpellings.Of("POST", "/api/pull").Concat(OddSpellings.Of("DELETE", "/api/delete"))
        )
        {
            string[] parts = request.TrimStart().ReplaceLineEndings("\n").Split("\n\n");
            Assert.AreEqual("", parts[1], request);
            Assert.Contains("Content-Length: 0", parts[0]);
        }
    }

    [TestMethod]
    public void Spellings_AreAllDifferent()
    {
        string[] all = [.. OddSpellings.Of("POST", "/api/pull"), .. OddSpellings.Hidden("POST", "/api/pull")];
        Assert.HasCount(27, all.Distinct());
    }

    /// <summary>Otherwise a check could pass because it sent nothing odd.</summary>
    [TestMethod]
    public void EverySpelling_IsRefusedByTheGatesOwnScanOrRules()
    {
        RuleSet rules = RuleSet.Compile(AllowList.Expand(["@clients"]).Rules);
        foreach (string request in OddSpellings.Of("POST", "/api/pull"))
        {
            RequestHead head = default;
            byte[] bytes = Encoding.Latin1.GetBytes(request);
            bool passes =
                RequestHeadScanner.Scan(bytes, ref head) == ScanResult.Complete
                && rules.Match(head.Method(bytes), head.Path(bytes)).Allowed;
            Assert.IsFalse(passes, request);
        }
    }
}
