using System.Text;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class RuleTests
{
    [TestMethod]
    [DataRow("GET /", "GET /")]
    [DataRow("GET,HEAD /v1/models/{model}", "GET,HEAD /v1/models/{model}")]
    [DataRow("  POST \t /api/show\t ", "POST /api/show")]
    [DataRow("HEAD,GET,HEAD /api/tags", "HEAD,GET /api/tags")]
    [DataRow("DELETE /api/user/keys/{key-id}", "DELETE /api/user/keys/{key-id}")]
    [DataRow("GET /{a}/{b}/{rest...}", "GET /{a}/{b}/{rest...}")]
    [DataRow("get /a", "get /a")]
    [DataRow("M-SEARCH /a", "M-SEARCH /a")]
    [DataRow("!#$%&'*+-.^_`|~ /a", "!#$%&'*+-.^_`|~ /a")]
    [DataRow("GET /v1/models/qwen2.5-coder:32b", "GET /v1/models/qwen2.5-coder:32b")]
    [DataRow("GET /v1/models/qwen2.5-coder%3a32b", "GET /v1/models/qwen2.5-coder%3a32b")]
    [DataRow("GET /a%20b/%C3%A9/%3A", "GET /a%20b/%C3%A9/%3A")]
    [DataRow("GET /.../.a/a..", "GET /.../.a/a..")]
    [DataRow("GET /100%25", "GET /100%25")]
    public void ValidRule_HasACanonicalForm(string text, string canonical)
    {
        Rule rule = Check(text, canonical);

        Check(canonical, canonical);
        Assert.AreEqual(canonical, Encoding.ASCII.GetString(rule.Utf8.Span));
        Assert.AreEqual(canonical, $"{string.Join(',', rule.Methods)} {rule.Path}");
    }

    [TestMethod]
    public void LongestRule_IsValid()
    {
        string text = "GET /" + new string('a', 8192 - 5);
        Check(text, text);
    }

    [TestMethod]
    public void DeepestRule_IsValid()
    {
        string text = "GET " + string.Concat(Enumerable.Repeat("/{a}", 64));
        Check(text, text);
    }

    [TestMethod]
    public void InvalidRuleInSourceCode_Throws()
    {
        FormatException exception = Assert.ThrowsExactly<FormatException>(() => Rule.Parse("GET /a?b"));
        StringAssert.Contains(exception.Message, "column 7");
    }

    private static Rule Check(string text, string canonical)
    {
        Assert.IsTrue(Rule.TryParse(text, out Rule? rule, out RuleError error), error.Message);
        Assert.AreEqual(default, error);
        Assert.AreEqual(canonical, rule.ToString());
        return rule;
    }
}
