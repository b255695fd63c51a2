using System.Net;
using FastGate.Commands.Install;
using FastGate.Proxy.Listening;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>The gate listens where clients connect today, or <c>install</c> asks; no client is cut off without a
/// prompt.</summary>
[TestClass]
public sealed class ClientAddressTests
{
    private const string Config = ".config/fastgate/fastgate.json";

    private static readonly InterfaceAddress[] WithoutTailscale =
    [
        new("lo0", IPAddress.Loopback),
        new("en0", IPAddress.Parse("192.168.1.5")),
    ];

    [TestMethod]
    [DataRow("192.168.1.5:8080", "192.168.1.5:8080")]
    [DataRow("100.87.6.5:8080", "tailscale:8080")]
    [DataRow("\"${TAILSCALE_IP}:8080\"", "tailscale:8080")]
    [DataRow("*:8080", "tailscale:8080")]
    [DataRow("*:8080 interface en0", "en0:8080")]
    [DataRow("192.168.1.5:8080,100.87.6.5:8080", "192.168.1.5:8080\", \"tailscale:8080")]
    public async Task HaproxysAddress_IsFollowed_AndNeverMadePublic(string bind, string listen)
    {
        using Home home = Haproxy(Scenario.HaproxyConfig.Replace("100.87.6.5:11434", bind, StringComparison.Ordinal));
        home.GatePort = 8080;
        if (listen.StartsWith("192", StringComparison.Ordinal) || listen.StartsWith("en0", StringComparison.Ordinal))
            home.GateAt = "1";
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains($"\"{listen}\"", home.Read(Config));
        Assert.DoesNotContain("public", home.Read(Config));
    }

    [TestMethod]
    public async Task AddressOfOllama_BecomesTheGates()
    {
        using Home home = new(isMac: true) { GateAt = "192." };
        home.Load("com.ollama", Scenario.OllamaAgent("192.168.1.5"));
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains("\"listen\": \"192.168.1.5:11434\"", home.Read(Config));
        Assert.Contains("<string>127.0.0.1:11434</string>", home.Read("Library/LaunchAgents/com.ollama.plist"));
        Assert.Contains("Where should FastGate listen? 192.168.1.5:11434.", result.Out);
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public async Task MissingAddressOfOllama_IsKept_AndVerificationFails()
    {
        using Home home = new(isMac: true);
        home.Load("com.ollama", Scenario.OllamaAgent("192.168.250.20"));
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(1, result.Code, result.Out);
        Assert.Contains("\"listen\": \"192.168.250.20:11434\"", home.Read(Config));
        Assert.Contains(
            "FAIL     no client can connect: this machine has no address for 192.168.250.20:11434",
            result.Out
        );
    }

    [TestMethod]
    [DataRow("0.0.0.0")]
    [DataRow("http://[::]:11434")]
    public async Task EveryAddress_WithoutTailscale_ChangesNothing(string host)
    {
        using Home home = new(isMac: true) { Interfaces = WithoutTailscale };
        home.Load("com.ollama", Scenario.OllamaAgent(host));
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(1, result.Code, result.Out);
        Assert.Contains("no client could connect", result.Error);
        Assert.Contains("othing was changed", result.Error);
        home.CheckTree(before, result.Out);
    }

    [TestMethod]
    public async Task EveryAddress_PromptsForOne_AndListensOnIt()
    {
        using Home home = new(isMac: true) { Interfaces = WithoutTailscale, GateAt = "192." };
        home.Load("com.ollama", Scenario.OllamaAgent("0.0.0.0"));
        CliResult result = await home.InstallAsync(new InstallChoices(), "y\n\nseven\n2\n");
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains("\"listen\": \"192.168.1.5:11434\"", home.Read(Config));
    }

    [TestMethod]
    public async Task OllamaLeftInPlace_KeepsItsAddress()
    {
        using Home home = new(isMac: true);
        home.Load("com.ollama", Scenario.OllamaAgent("192.168.1.5"));
        await home.InstallAsync(new InstallChoices(), "n\n");
        Assert.DoesNotContain("listen", home.Read(Config));
    }

    [TestMethod]
    public async Task ConfigThatListensElsewhere_ChangesNothing_UnlessConfirmed()
    {
        using Home home = Haproxy(
            Scenario.HaproxyConfig.Replace("100.87.6.5:11434", "192.168.1.5:8080", StringComparison.Ordinal)
        );
        home.Write(Config, "{ }");
        string[] before = home.Tree();
        CliResult refused = await home.InstallAsync();
        Assert.AreEqual(1, refused.Code, refused.Out);
        Assert.Contains("clients would be cut off", refused.Error);
        home.CheckTree(before, refused.Out);

        CliResult wanted = await home.InstallAsync(new InstallChoices(), "y\ny\n");
        Assert.AreEqual(0, wanted.Code, $"{wanted.Out}\n{wanted.Error}");
        Assert.Contains("can no longer connect: change their URL to http://100.87.6.5:11434", wanted.Out);
    }

    [TestMethod]
    [DataRow("bind 100.87.6.5:11434", "bind 100.87.6.5:11434 ssl crt /x.pem", "clients would be cut off")]
    [DataRow(
        "127.0.0.1:11434 check",
        "api.example.com:443 ssl verify required",
        "reached over TLS, which FastGate does not support"
    )]
    [DataRow("127.0.0.1:11434 check", "127.0.0.1:11434 ssl", "reached over TLS, which FastGate does not support")]
    [DataRow("127.0.0.1:11434 check", "192.0.2.7:11434 check", "which is on another machine")]
    [DataRow(
        "acl is_openai_chat",
        "http-request auth unless { http_auth(u) }\nacl is_openai_chat",
        "without conditions that FastGate does not check"
    )]
    public async Task UnsupportedSetup_ChangesNothing(string from, string to, string expected)
    {
        using Home home = Haproxy(Scenario.HaproxyConfig.Replace(from, to, StringComparison.Ordinal));
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(1, result.Code, $"{result.Out}\n{result.Error}");
        Assert.Contains(expected, result.Error);
        home.CheckTree(before, result.Out);
    }

    [TestMethod]
    public async Task OllamaOnAnotherMachine_IsTheUpstream_OnYes()
    {
        using Home home = Haproxy(
            Scenario.HaproxyConfig.Replace("127.0.0.1:11434", "192.0.2.7:11434", StringComparison.Ordinal)
        );
        await home.InstallAsync(new InstallChoices(), "y\ny\n");
        Assert.Contains("\"upstream\": \"192.0.2.7:11434\"", home.Read(Config));
    }

    [TestMethod]
    public async Task WiderRules_AreNamed_AndTheExactOnesAreTheDefault()
    {
        const string OnePath =
            "frontend f\nbind 100.87.6.5:11434\nuse_backend o if { path /api/chat }\nbackend o\nserver "
            + "o 127.0.0.1:11434\n";
        using Home home = Haproxy(OnePath);
        CliResult exact = await home.InstallAsync();
        Assert.Contains(
            "FastGate also allows what HAProxy does not allow for everyone: POST "
                + "/v1/chat/completions; GET,HEAD /v1/models",
            exact.Out
        );
        Assert.Contains("\"allow\": [\n    \"POST /api/chat\",\n  ]", home.Read(Config));

        using Home other = Haproxy(OnePath);
        await other.InstallAsync(new InstallChoices(), "y\n2\n");
        Assert.Contains("\"@seed\",\n    \"POST /api/chat\",", other.Read(Config));
    }

    [TestMethod]
    public async Task HostNameOfClients_IsAddedToHosts()
    {
        using Home home = Haproxy(
            "frontend f\nbind 100.87.6.5:11434\nacl h hdr(host) -i ollama.example.com\nacl l hdr(host) box.local\n"
                + "use_backend o if h\nuse_backend o if l\nbackend o\nserver o 127.0.0.1:11434\n"
        );
        await home.InstallAsync();
        Assert.Contains("\"hosts\": [\"ollama.example.com\"]", home.Read(Config));
    }

    [TestMethod]
    public async Task HaproxyOfAnotherService_IsLeftInPlace()
    {
        using Home home = Haproxy(
            "frontend www\nbind *:80\ndefault_backend site\nbackend site\nserver s 127.0.0.1:8080\n"
        );
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.IsTrue(home.IsLoaded("com.haproxy"));
        Assert.DoesNotContain("HAProxy", result.Out);
    }

    [TestMethod]
    public async Task SeveralFilesAndAFolder_AreReadAsHaproxyReadsThem()
    {
        using Home home = Scenario.Mac("haproxy");
        home.Write(".haproxy/haproxy.cfg", "frontend f\nbind 100.87.6.5:11434\nuse_backend o if { path /api/tags }\n");
        home.Write(".haproxy/conf.d/b.cfg", "backend o\nserver o 127.0.0.1:11434\nserver p 127.0.0.1:11444\n");
        string agent = "Library/LaunchAgents/com.haproxy.plist";
        home.Write(
            agent,
            home.Read(agent)
                .Replace(
                    "haproxy.cfg</string>",
                    $"haproxy.cfg</string><string>-f</string><string>{home.PathOf(".haproxy/conf.d").Replace("&", "&amp;", StringComparison.Ordinal)}</string>",
                    StringComparison.Ordinal
                )
        );
        CliResult result = await home.InstallAsync();
        Assert.Contains(
            "~/.haproxy/conf.d/b.cfg line 3: server p 127.0.0.1:11444 (FastGate has one upstream)",
            result.Out
        );
    }

    private static Home Haproxy(string config)
    {
        Home home = Scenario.Mac("haproxy");
        home.Write(".haproxy/haproxy.cfg", config);
        return home;
    }
}
