using System.Text;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Test.Config;

[TestClass]
public sealed class ReloadTests
{
    [TestMethod]
    [DataRow("""{"allow": ["GET /b"], "hosts": ["b.test"], "host": "preserve", "contentOnGet": "allow"}""", "")]
    [DataRow("""{"listen": "127.0.0.1:2"}""", "listen")]
    [DataRow("""{"from": ["10.0.0.1"]}""", "from")]
    [DataRow(
        """{"upstream": "b:2", "loops": 2, "readyConnections": 1, "backend": "portable", "poll": 0, "accessLog": "off"}""",
        "upstream, accessLog, backend, poll, loops, readyConnections"
    )]
    [DataRow("""{"limits": {"headSeconds": 5, "connectSeconds": 1}}""", "limits.headSeconds, limits.connectSeconds")]
    [DataRow("""{"metrics": {"port": 9464, "socket": "off"}}""", "metrics.socket, metrics.port")]
    public void Members_ThatNeedARestart_AreNamed(string next, string members) =>
        Assert.AreEqual(members, string.Join(", ", Check("{}", next).NeedRestart));

    [TestMethod]
    public void Listener_GetsTheNewRulesOfItsAddress_InAnyOrder()
    {
        Reload reload = Check(
            """{"listen": ["127.0.0.1:1", "127.0.0.1:2"], "allow": ["GET /old"]}""",
            """{"listen": [{"on": "127.0.0.1:2", "allow": ["GET /two"]}, {"on": "127.0.0.1:1", "allow": ["GET /one"]}]}"""
        );
        Assert.AreEqual("GET /one, GET /two", RulesOf(reload));
    }

    [TestMethod]
    public void RemovedListener_KeepsItsRules()
    {
        Reload reload = Check(
            """{"listen": ["127.0.0.1:1", "127.0.0.1:2"], "allow": ["GET /old"]}""",
            """{"listen": "127.0.0.1:2", "allow": ["GET /new"]}"""
        );
        Assert.AreEqual("GET /old, GET /new", RulesOf(reload));
        Assert.AreEqual("listen", reload.NeedRestart.Single());
    }

    [TestMethod]
    public void Upstream_KeepsItsAddressAndName()
    {
        Reload reload = Check("""{"upstream": "a:1"}""", """{"upstream": "a:2"}""");
        Assert.AreEqual("localhost:1", Encoding.ASCII.GetString(reload.Policies[0].UpstreamHost.Span));
    }

    private static string RulesOf(Reload reload) =>
        string.Join(", ", reload.Policies.Select(policy => string.Join(';', policy.Rules.Items)));

    private static Reload Check(string running, string next)
    {
        GatePlan plan = Configs.Plan(running);
        IReadOnlyList<GatePolicy> present = [.. plan.Listeners.Select(listener => listener.Options.Policy)];
        return Reload.Of(plan, present, Configs.Plan(next));
    }
}
