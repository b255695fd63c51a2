using System.Net;
using System.Text;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Test.Config;

[TestClass]
public sealed class GatePlannerTests
{
    [TestMethod]
    public void NothingSaid_IsTheDefaultsOfTheGate()
    {
        GatePlan plan = Configs.Plan("{}");
        GateOptions options = plan.ToOptions(new IPEndPoint(IPAddress.Loopback, 11434));
        Assert.AreEqual(
            new GateOptions { Listeners = options.Listeners, AccessLog = "/home/u/.local/state/fastgate/access.log" },
            options
        );
        Assert.AreEqual("tailscale:11434", options.Listeners.Single().Address.ToString());
        Assert.IsNull(options.Listeners.Single().From);
        Assert.HasCount(8, options.Listeners.Single().Policy.Rules.Rules);
        Assert.IsFalse(options.Listeners.Single().Policy.PreserveHost);
    }

    [TestMethod]
    [DataRow("127.0.0.1:1", "127.0.0.1:1")]
    [DataRow("[::1]:11434", "[::1]:11434")]
    [DataRow("ollama.lan:80", "ollama.lan:80")]
    [DataRow("my_box:80", "my_box:80")]
    public void GoodUpstream_IsTaken(string said, string meant) =>
        Assert.AreEqual(meant, Configs.Plan($$"""{"upstream": "{{said}}"}""").Upstream.ToString());

    [TestMethod]
    [DataRow("", "it is empty: write 127.0.0.1:11434")]
    [DataRow("localhost", "write localhost:11434")]
    [DataRow("127.0.0.1", "write 127.0.0.1:11434")]
    [DataRow("::1", "write [::1]:11434")]
    [DataRow("[::1]", "write [::1]:11434")]
    [DataRow("http://box:8080/v1", "such as box:8080")]
    [DataRow("a:0", "write a number from 1 to 65535")]
    [DataRow("a:65536", "write a number from 1 to 65535")]
    [DataRow("127.0.0:1", "neither an address nor a name")]
    [DataRow("a b:1", "neither an address nor a name")]
    [DataRow("0.0.0.0:11434", "write the address of Ollama, such as 127.0.0.1:11434")]
    public void BadUpstream_SaysTheCure(string said, string cure) => Check("upstream", $"\"{said}\"", cure);

    [TestMethod]
    [DataRow("\"ollama.example.com\"", "ollama.example.com:80")]
    [DataRow("\"*.example.com\"", "a.b.example.com")]
    [DataRow("\"*\"", "evil.test")]
    public void Host_IsTheGatesOwn(string hosts, string host) =>
        Assert.IsTrue(
            Configs
                .Plan($$"""{"hosts": [{{hosts}}]}""")
                .Listeners[0]
                .Options.Policy.Hosts.IsOwn(Encoding.ASCII.GetBytes(host))
        );

    [TestMethod]
    [DataRow("http://a.b", "write only its host name")]
    [DataRow("a.b:80", "write only the name, a.b")]
    [DataRow("*a.b", "write *.example.com")]
    [DataRow("ä.de", "xn--")]
    [DataRow("", "is not a host name")]
    [DataRow("a b", "is not a host name")]
    public void BadHosts_SayTheCure(string host, string cure) => Check("hosts", $"[\"{host}\"]", cure);

    [TestMethod]
    public void EveryHost_IsWarnedOf() => Assert.Contains("DNS rebinding", Configs.Warnings("""{"hosts": ["*"]}"""));

    [TestMethod]
    public void PreservedHost_ReachesThePolicy() =>
        Assert.IsTrue(Configs.Plan("""{"host": "preserve"}""").Listeners[0].Options.Policy.PreserveHost);

    [TestMethod]
    [DataRow("{}", false)]
    [DataRow("""{"getContent": "refuse"}""", false)]
    [DataRow("""{"getContent": "allow"}""", true)]
    [DataRow("""{"listen": {"on": "127.0.0.1:1", "getContent": "allow"}}""", true)]
    [DataRow("""{"listen": {"on": "127.0.0.1:1", "getContent": "refuse"}, "getContent": "allow"}""", false)]
    [DataRow("""{"listen": "127.0.0.1:1", "getContent": "allow"}""", true)]
    public void GetContent_ReachesThePolicyOfItsListener(string file, bool allowed) =>
        Assert.AreEqual(allowed, Configs.Plan(file).Listeners[0].Options.Policy.AllowsContentOnGet);

    [TestMethod]
    [DataRow("\"alow\"", "did you mean \"allow\"?")]
    [DataRow("\"yes\"", "write \"refuse\" or \"allow\"")]
    [DataRow("\"Allow\"", "did you mean \"allow\"?")]
    [DataRow("\"\"", "write \"refuse\" or \"allow\"")]
    [DataRow("true", "write a string, such as \"refuse\"")]
    [DataRow("null", "leave the member out, or write a string, such as \"refuse\"")]
    public void BadGetContent_SaysTheCure(string value, string cure)
    {
        Check("getContent", value, cure);
        Assert.Contains(cure, Configs.Problems($$"""{"listen": {"on": "127.0.0.1:1", "getContent": {{value}} } }"""));
        Assert.IsFalse(Configs.Plan("{}").Listeners[0].Options.Policy.AllowsContentOnGet);
    }

    [TestMethod]
    public void UpstreamPort_IsTheHostThatOllamaSees() =>
        Assert.AreEqual(
            "localhost:81",
            Encoding.ASCII.GetString(
                Configs.Plan("""{"upstream": "x.test:81"}""").Listeners[0].Options.Policy.UpstreamHost.Span
            )
        );

    [TestMethod]
    [DataRow("auto", "/home/u/.local/state/fastgate/access.log")]
    [DataRow("off", null)]
    [DataRow("-", "-")]
    [DataRow("/var/log/a", "/var/log/a")]
    [DataRow("~/a.log", "/home/u/a.log")]
    public void AccessLog_IsAPlace(string said, string? meant) =>
        Assert.AreEqual(meant, Configs.Plan($$"""{"accessLog": "{{said}}"}""").AccessLog);

    [TestMethod]
    public void UsualAccessLog_IsWhereTheSystemKeepsLogs()
    {
        Assert.AreEqual(
            "/s/fastgate/access.log",
            Configs.Plan("{}", machine: Configs.Machine with { StateHome = "/s" }).AccessLog
        );
        Assert.AreEqual(
            "/home/u/Library/Logs/FastGate/access.log",
            Configs.Plan("{}", machine: Configs.Machine with { IsMac = true, StateHome = "/s" }).AccessLog
        );
        Assert.IsNull(Configs.Plan("{}", machine: Configs.Machine with { Home = "" }).AccessLog);
    }

    [TestMethod]
    public void DirectoryAsAccessLog_SaysTheCure() => Check("accessLog", "\"/tmp/\"", "write /tmp/access.log");

    [TestMethod]
    public void Flags_StandOverTheFile()
    {
        const string File =
            """{"listen": [{"on": "127.0.0.1:1", "allow": ["GET /a"]}], "upstream": "a:1", "loops": 2, "warm": 3}""";
        Sourced<string> rule = Configs.Flag("--allow", "GET /b");
        GatePlan plan = Configs.Plan(
            File,
            new GateFile
            {
                Allow = new([rule], rule.Place),
                Upstream = Configs.Flag("--upstream", "b:2"),
                Numbers = new Dictionary<string, Sourced<double>> { ["loops"] = new(4, new SourceLocation("--loops")) },
            }
        );
        Assert.AreEqual("b:2", plan.Upstream.ToString());
        Assert.AreEqual(4, plan.Loops);
        Assert.AreEqual(3, plan.Ollama.ReadyConnections);
        Assert.AreEqual("127.0.0.1:1", plan.Listeners.Single().Options.Address.ToString());
        Assert.AreEqual("GET /b", plan.Listeners.Single().Options.Policy.Rules.Rules.Single().ToString());
        Assert.AreEqual("--allow", plan.Listeners.Single().OriginOf(0));
    }

    [TestMethod]
    public void BadFlag_IsToldWithItsNameAndColumn()
    {
        Sourced<string> rule = Configs.Flag("--allow", "GET a");
        ConfigResult result = Configs.Read("{}", new GateFile { Allow = new([rule], rule.Place) });
        Assert.StartsWith(
            "--allow (column 5): \"GET a\": a path begins with a slash",
            result.Problems.Single().ToString()
        );
    }

    private static void Check(string member, string value, string cure)
    {
        string problems = Configs.Problems($$"""{"{{member}}": {{value}}}""");
        Assert.StartsWith($"{Configs.FileName}:1:", problems);
        Assert.Contains(cure, problems);
    }
}
