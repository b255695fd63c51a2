using FastGate.Commands.Install;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Commands.Install;

/// <summary>
/// Regression: an Ollama route behind a condition that is never true was shown as "Ollama has no such route".
/// </summary>
[TestClass]
public sealed class HaproxyNeverTrueTests
{
    private const string Never = "nothing: no request meets its condition";
    private const string NoRoute = "nothing: Ollama has no such route";

    [TestMethod]
    [DataRow("use_backend o if { path /api/chat } { always_false }", Never)]
    [DataRow("use_backend o if { path /api/pull } { path /api/ps }", Never)]
    [DataRow("use_backend o if { path_beg /v1/mod } { path_end /chat }", Never)]
    [DataRow("use_backend o if METH_POST { path /api/chat } { method GET }", NoRoute)]
    [DataRow("use_backend o if METH_GET { path /api/chat }", NoRoute)]
    [DataRow("use_backend o if { path /api/nothing } { always_false }", NoRoute)]
    [DataRow("use_backend o if { always_false }", Never)]
    [DataRow(
        "http-request deny if { path /api/chat }\n use_backend o if { path /api/chat } { src 10.0.0.1 }",
        "nothing: HAProxy refuses it (line 3)"
    )]
    public void Row_ExplainsWhyNothingComesOfIt(string rules, string after)
    {
        Assert.IsTrue(Profiles.TryGet(Profiles.Seed, out IReadOnlyList<Rule>? seed));
        HaproxyConfig config = HaproxyConfig.Parse(
            $"frontend f\n bind :8080\n {rules}\n use_backend o if {{ path /api/tags }}\n"
                + "backend o\n server s 127.0.0.1:11434\n"
        );
        Assert.AreEqual(after, Migration.Of(config, seed).Rows[0].After);
    }
}
