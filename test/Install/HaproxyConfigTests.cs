using FastGate.Install;
using FastGate.Rules;

namespace FastGate.Test.Install;

[TestClass]
public sealed class HaproxyConfigTests
{
    [TestMethod]
    public void SeedsConfiguration_IsUnderstoodWhole()
    {
        HaproxyConfig config = HaproxyConfig.Parse(Scenario.HaproxyConfig);
        Assert.AreEqual(
            "/v1/chat/completions… /v1/models… /v1/responses… /v1/messages… /api/version /api/tags /api/show",
            string.Join(' ', config.Allows));
        Assert.AreEqual(11434, config.Port);
        Assert.AreEqual("127.0.0.1:11434", config.Server);
        Assert.IsEmpty(config.NotUnderstood);
    }

    [TestMethod]
    public void SeedsConfiguration_NeedsNoRuleBesideTheSeeds()
    {
        Migration migration = MigrationOf(Scenario.HaproxyConfig);
        Assert.IsEmpty(migration.Added);
        Assert.HasCount(7, migration.Rows);
    }

    [TestMethod]
    [DataRow("acl a path /x /y\nuse_backend o if a", "/x /y", "")]
    [DataRow("acl a path /x\nacl a path_beg /y\nuse_backend o if a", "/x /y…", "")]
    [DataRow("acl a path -m beg /x\nuse_backend o if a", "/x…", "")]
    [DataRow("acl a path -i /x # /z\nuse_backend o if a", "/x", "")]
    [DataRow("acl a path /x\nacl b path /y\nuse_backend o if a or b", "/x /y", "")]
    [DataRow("acl a path /x\nacl b path /y\nuse_backend o if a || b", "/x /y", "")]
    [DataRow("acl a path /x\nacl b path /y\nuse_backend o if a b", "", "line 3: use_backend o if a b")]
    [DataRow("acl a path /x\nuse_backend o if !a", "", "line 2: use_backend o if !a")]
    [DataRow("acl a path /x\nuse_backend o unless a", "", "line 2: use_backend o unless a")]
    [DataRow("acl a hdr(host) h\nuse_backend o if a", "", "line 2: use_backend o if a")]
    [DataRow("acl a path /x", "", "")]
    [DataRow("http-request deny unless a", "", "line 1: http-request deny unless a")]
    [DataRow("http-request deny", "", "")]
    [DataRow("", "", "")]
    public void OtherConfigurations_AreUnderstoodOrSaid(string text, string allows, string notUnderstood)
    {
        HaproxyConfig config = HaproxyConfig.Parse(text);
        Assert.AreEqual(allows, string.Join(' ', config.Allows));
        Assert.AreEqual(notUnderstood, string.Join('\n', config.NotUnderstood));
    }

    [TestMethod]
    [DataRow("bind 100.64.0.1:8080", 8080)]
    [DataRow("bind *:80 ssl", 80)]
    [DataRow("bind :443", 443)]
    [DataRow("bind [::1]:90", 90)]
    [DataRow("bind /run/h.sock", null)]
    public void Port_IsRead(string text, int? port) => Assert.AreEqual(port, HaproxyConfig.Parse(text).Port);

    [TestMethod]
    [DataRow("/api/chat", "POST /api/chat")]
    [DataRow("/api/", "GET /api/status,GET /api/experimental/model-recommendations,GET /api/ps,POST /api/generate,POST /api/chat,POST /api/embed,POST /api/embeddings")]
    [DataRow("/api/pull", "")]
    [DataRow("/debug", "")]
    [DataRow("/nothing", "")]
    public void Prefix_AddsTheRoutesThatAreThere_ButNoneThatManages(string prefix, string added)
    {
        Migration migration = MigrationOf($"acl a path_beg {prefix}\nuse_backend o if a");
        Assert.AreEqual(added, string.Join(',', migration.Added));
        foreach (string rule in migration.Added) Assert.IsEmpty(OllamaRoutes.ManagementOpenedBy(Rule.Parse(rule)));
    }

    private static Migration MigrationOf(string text)
    {
        Assert.IsTrue(Profiles.TryGet(Profiles.Seed, out IReadOnlyList<Rule>? seed));
        return Migration.Of(HaproxyConfig.Parse(text), seed);
    }
}
