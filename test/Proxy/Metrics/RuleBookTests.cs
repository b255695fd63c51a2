using FastGate.Proxy.Metrics;

namespace FastGate.Test.Proxy.Metrics;

[TestClass]
public sealed class RuleBookTests
{
    private readonly RuleBook _book = new(loops: 2);

    [TestMethod]
    public void Rule_KeepsItsCountAcrossReloads_EvenIfAbsentForAWhile()
    {
        IReadOnlyList<RuleTally> first = _book.SetInForce(["GET /a", "GET /b"]);
        first[0].Add(0);
        first[1].Add(1);
        IReadOnlyList<RuleTally> second = _book.SetInForce(["GET /c", "GET /a"]);
        second[1].Add(1);
        // A request that was matched before the reload and ends after it.
        first[1].Add(0);
        Assert.AreEqual("GET /a 2, GET /b 2 retired", _book.Read().Describe());
        _book.SetInForce(["GET /b"])[0].Add(0);
        Assert.AreEqual("GET /a 2 retired, GET /b 3", _book.Read().Describe());
    }

    [TestMethod]
    public void RepeatedRule_HasOneCount()
    {
        IReadOnlyList<RuleTally> twice = _book.SetInForce(["GET /a", "GET /a"]);
        twice[0].Add(0);
        twice[1].Add(1);
        Assert.AreEqual("GET /a 2", _book.Read().Describe());
    }

    [TestMethod]
    public void RetiredRules_AreDroppedBeyondTheLimit()
    {
        _book.SetInForce(["GET /kept"])[0].Add(0);
        for (int i = 0; i < 3 * RuleBook.RetiredMax; i++)
        {
            foreach (RuleTally tally in _book.SetInForce(["GET /kept", $"GET /{i}"]))
                tally.Add(1);
            Assert.IsLessThanOrEqualTo(RuleBook.RetiredMax + 3, _book.Read().Count);
        }
        Assert.AreEqual((3 * RuleBook.RetiredMax) + 1, _book.Read().Single(rule => rule.Rule == "GET /kept").Count);
    }
}
