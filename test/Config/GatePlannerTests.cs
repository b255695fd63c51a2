using System.Net;
using System.Text;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Test.Config;

[TestClass]
public sealed class GatePlannerTests
{
    [TestMethod]
    public void EmptyConfig_MeansTheDefaultsOfTheGate()
    {
        GatePlan plan = Configs.Plan("{}");
        GateOptions options = plan.ToOptions(new IPEndPoint(IPAddress.Loopback, 11434));
        Assert.AreEqual(
            new GateOptions { Listeners = options.Listeners, AccessLog = "/home/u/.local/state/fastgate/access.log" },
            options
        );
        Assert.AreEqual("tailscale:11434", options.Listeners.Single().Address.ToString());
        Assert.IsNull(options.Listeners.Single().From);
        Assert.HasCount(8, options.Listeners.Single().Policy.Rules.Items);
        Assert.IsFalse(options.Listeners.Single().Policy.PreserveHost);
    }

    [TestMethod]
    [DataRow("127.0.0.1:1", "127.0.0.1:1")]
    [DataRow("[::1]:11434", "[::1]:11434")]
    [DataRow("ollama.lan:80", "ollama.lan:80")]
    [DataRow("my_box:80", "my_box:80")]
    public void ValidUpstream_IsAccepted(string text, string upstream) =>
        Assert.AreEqual(upstream, Configs.Plan($$"""{"upstream": "{{text}}"}""").Upstream.ToString());

    [TestMethod]
    [DataRow("", "the value is empty; write 127.0.0.1:11434")]
    [DataRow("localhost", "write localhost:11434")]
    [DataRow("127.0.0.1", "write 127.0.0.1:11434")]
    [DataRow("::1", "write [::1]:11434")]
    [DataRow("[::1]", "write [::1]:11434")]
    [DataRow("http://box:8080/v1", "the port, box:8080")]
    [DataRow("a:0", "write a number from 1 to 65535")]
    [DataRow("a:65536", "write a number from 1 to 65535")]
    [DataRow("127.0.0:1", "neither an IP address nor a host name")]
    [DataRow("a b:1", "neither an IP address nor a host name")]
    [DataRow("0.0.0.0:11434", "write Ollama's address, such as 127.0.0.1:11434")]
    public void InvalidUpstream_HasACure(string text, string cure) => Check("upstream", $"\"{text}\"", cure);

    [TestMethod]
    [DataRow("\"ollama.example.com\"", "ollama.example.com:80")]
    [DataRow("\"*.example.com\"", "a.b.example.com")]
    [DataRow("\"*\"", "evil.test")]
    public void Host_IsAccepted(string hosts, string host) =>
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
    public void InvalidHost_HasACure(string host, string cure) => Check("hosts", $"[\"{host}\"]", cure);

    [TestMethod]
    public void EveryHost_IsAWarning() => Assert.Contains("DNS rebinding", Configs.Warnings("""{"hosts": ["*"]}"""));

    [TestMethod]
    public void PreservedHost_ReachesThePolicy() =>
        Assert.IsTrue(Configs.Plan("""{"host": "preserve"}""").Listeners[0].Options.Policy.PreserveHost);

    [TestMethod]
    [DataRow("{}", false)]
    [DataRow("""{"contentOnGet": "refuse"}""", false)]
    [DataRow("""{"contentOnGet": "allow"}""", true)]
    [DataRow("""{"listen": {"on": "127.0.0.1:1", "contentOnGet": "allow"}}""", true)]
    [DataRow("""{"listen": {"on": "127.0.0.1:1", "contentOnGet": "refuse"}, "contentOnGet": "allow"}""", false)]
    [DataRow("""{"listen": "127.0.0.1:1", "contentOnGet": "allow"}""", true)]
    public void ContentOnGet_ReachesThePolicyOfItsListener(string file, bool allowed) =>
        Assert.AreEqual(allowed, Configs.Plan(file).Listeners[0].Options.Policy.AllowsContentOnGet);

    [TestMethod]
    [DataRow("\"alow\"", "did you mean \"allow\"?")]
    [DataRow("\"yes\"", "write \"refuse\" or \"allow\"")]
    [DataRow("\"Allow\"", "did you mean \"allow\"?")]
    [DataRow("\"\"", "write \"refuse\" or \"allow\"")]
    [DataRow("true", "write a string, such as \"refuse\"")]
    [DataRow("null", "remove the member, or write a string, such as \"refuse\"")]
    public void InvalidContentOnGet_HasACure(string value, string cure)
    {
        Check("contentOnGet", value, cure);
        Assert.Contains(cure, Configs.Problems($$"""{"listen": {"on": "127.0.0.1:1", "contentOnGet": {{value}} } }"""));
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
    public void AccessLog_IsAPath(string text, string? path) =>
        Assert.AreEqual(path, Configs.Plan($$"""{"accessLog": "{{text}}"}""").AccessLog);

    [TestMethod]
    public void DefaultAccessLog_IsWhereTheSystemKeepsLogs()
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
    public void DirectoryAsAccessLog_HasACure() => Check("accessLog", "\"/tmp/\"", "write /tmp/access.log");

    [TestMethod]
    public void Flags_OverrideTheFile()
    {
        const string File = """
            {
              "listen": [{"on": "127.0.0.1:1", "allow": ["GET /a"]}],
              "upstream": "a:1",
              "loops": 2,
              "readyConnections": 3
            }
            """;
        Sourced<string> rule = Configs.Flag("--allow", "GET /b");
        GatePlan plan = Configs.Plan(
            File,
            new GateFile
            {
                Allow = new([rule], rule.Location),
                Upstream = Configs.Flag("--upstream", "b:2"),
                Numbers = new Dictionary<string, Sourced<double>> { ["loops"] = new(4, new SourceLocation("--loops")) },
            }
        );
        Assert.AreEqual("b:2", plan.Upstream.ToString());
        Assert.AreEqual(4, plan.Loops);
        Assert.AreEqual(3, plan.Ollama.ReadyConnections);
        Assert.AreEqual("127.0.0.1:1", plan.Listeners.Single().Options.Address.ToString());
        Assert.AreEqual("GET /b", plan.Listeners.Single().Options.Policy.Rules.Items.Single().ToString());
        Assert.AreEqual("--allow", plan.Listeners.Single().OriginOf(0));
    }

    [TestMethod]
    public void InvalidFlag_IsReportedWithItsNameAndColumn()
    {
        Sourced<string> rule = Configs.Flag("--allow", "GET a");
        ConfigResult result = Configs.Read("{}", new GateFile { Allow = new([rule], rule.Location) });
        Assert.StartsWith(
            "--allow (column 5): \"GET a\": the path must begin with a slash",
            result.Problems.Single().ToString()
        );
    }

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
        IEnumerable<Problem> warnings = Configs
            .Read(text)
            .Warnings.Where(warning => warning.Message.Contains("\"readyConnections\": 1", StringComparison.Ordinal));
        Assert.HasCount(isWarning ? 1 : 0, warnings);
    }

    private static void Check(string member, string value, string cure)
    {
        string problems = Configs.Problems($$"""{"{{member}}": {{value}}}""");
        Assert.StartsWith($"{Configs.FileName}:1:", problems);
        Assert.Contains(cure, problems);
    }
}
