using FastGate.Test.Commands.Install;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class MacTests
{
    [TestMethod]
    public Task HealthyMac_PassesAll() => CheckAsync(_ => { });

    [TestMethod]
    public Task AgentThatIsNotLoaded_IsBootstrapped() =>
        CheckAsync(
            mac => mac.Forget("print-com.fastgate"),
            ("gate-agent", "launchctl bootstrap gui/501 ~/Library/LaunchAgents/com.fastgate.plist")
        );

    [TestMethod]
    public Task MissingAgent_IsInstalled() =>
        CheckAsync(
            mac =>
            {
                mac.Forget("print-com.fastgate");
                File.Delete(mac.Home.PathOf("Library/LaunchAgents/com.fastgate.plist"));
            },
            ("gate-agent", "fastgate install"),
            ("gate-agent-file", "fastgate install")
        );

    [TestMethod]
    public Task AgentThatCannotStart_ShowsItsLog() =>
        CheckAsync(
            mac => mac.SetOutput("print-com.fastgate", MacTools.Crashing("com.fastgate")),
            ("gate-agent", "tail -n 20 ")
        );

    [TestMethod]
    public Task AgentThatKeepsRestarting_ShowsItsLog() =>
        CheckAsync(
            mac =>
                mac.SetOutput(
                    "print-com.fastgate",
                    MacTools
                        .Crashing("com.fastgate")
                        .Replace("spawn scheduled", "running\n\tpid = 9", StringComparison.Ordinal)
                ),
            ("gate-agent", "tail -n 20 ")
        );

    [TestMethod]
    public Task PropertyListThatIsBroken_IsLinted() =>
        CheckAsync(
            mac => mac.Home.Write("Library/LaunchAgents/com.fastgate.plist", "<plist>"),
            ("gate-agent-file", "plutil -lint ")
        );

    [TestMethod]
    public Task OllamaOnEveryAddress_IsFound() =>
        CheckAsync(mac => mac.SetOutput("lsof", mac.Sockets("*", "u")), ("ollama-loopback", "fastgate install"));

    [TestMethod]
    public Task OllamaOfAnotherUserOnEveryAddress_IsFound() =>
        CheckAsync(
            mac =>
            {
                mac.SetOutput("lsof", "");
                mac.SetOutput("netstat", mac.Table("*"));
            },
            ("ollama-loopback", "fastgate install")
        );

    [TestMethod]
    public Task OllamaInAContainerThatIsPublished_IsFound() =>
        CheckAsync(
            mac =>
                mac.SetOutput(
                    "lsof",
                    mac.Sockets("*", "u").Replace("collama", "ccom.docker.backend", StringComparison.Ordinal)
                ),
            ("ollama-loopback", "docker ps --filter publish=")
        );

    [TestMethod]
    public Task OllamaOfRoot_IsFound() =>
        CheckAsync(
            mac => mac.SetOutput("lsof", mac.Sockets("127.0.0.1", "root")),
            ("ollama-owner", "fastgate install")
        );

    [TestMethod]
    public Task OllamaHostThatExposesOllama_IsFound() =>
        CheckAsync(
            mac => mac.Home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("0.0.0.0")),
            ("ollama-host", "fastgate install")
        );

    [TestMethod]
    public Task OllamaHostOfTheSession_IsFound() =>
        CheckAsync(
            mac =>
            {
                File.Delete(mac.Home.PathOf("Library/LaunchAgents/com.ollama.plist"));
                mac.SetOutput("session-OLLAMA_HOST", "0.0.0.0\n");
            },
            ("ollama-host", "launchctl setenv OLLAMA_HOST")
        );

    // An empty host, which is every address, was once taken for no host.
    [TestMethod]
    [DataRow(":11434")]
    [DataRow("http://:11434")]
    [DataRow("[]:11434")]
    public Task OllamaHostWithoutAHost_IsFound(string host) =>
        CheckAsync(
            mac => mac.Home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent(host)),
            ("ollama-host", "fastgate install")
        );

    [TestMethod]
    public Task OllamaUnderAnotherLabel_IsFound() =>
        CheckAsync(
            mac =>
            {
                mac.Forget("print-com.ollama");
                mac.SetOutput("print-org.example.llm", MacTools.Running("org.example.llm"));
                mac.Home.Write(
                    "Library/LaunchAgents/llm.plist",
                    Scenario.OllamaAgent("0.0.0.0").Replace("com.ollama", "org.example.llm", StringComparison.Ordinal)
                );
            },
            ("ollama-host", "fastgate install")
        );

    [TestMethod]
    public Task OllamaDaemonOfTheSystem_IsFound_WithAFixForRoot() =>
        CheckAsync(
            mac =>
            {
                mac.SetOutput("print-com.ollama.daemon", MacTools.Running("com.ollama.daemon"));
                mac.Home.WriteSystems(
                    "LaunchDaemons/com.ollama.daemon.plist",
                    Scenario.OllamaAgent("0.0.0.0").Replace("com.ollama", "com.ollama.daemon", StringComparison.Ordinal)
                );
            },
            ("ollama-host", "sudo plutil -replace EnvironmentVariables.OLLAMA_HOST -string 127.0.0.1:")
        );

    [TestMethod]
    public Task CommandThatSetsTheHost_IsFound_AndItsFileIsEdited() =>
        CheckAsync(
            mac =>
                mac.Home.Write(
                    "Library/LaunchAgents/com.ollama.plist",
                    Scenario
                        .OllamaAgent("127.0.0.1")
                        .Replace(
                            "<string>/opt/homebrew/bin/ollama</string>",
                            "<string>/usr/bin/env</string><string>OLLAMA_HOST=0.0.0.0</string><string>ollama</string>",
                            StringComparison.Ordinal
                        )
                ),
            ("ollama-host", "${EDITOR:-vi}")
        );

    [TestMethod]
    public async Task Cloud_IsReported_AndNeverFails()
    {
        await using MacDoctorHarness mac = await MacDoctorHarness.OpenAsync();
        Assert.Contains("OLLAMA_NO_CLOUD is not set", (await mac.DiagnoseAsync()).MessageOf("ollama-cloud"));
        mac.Home.Write(
            "Library/LaunchAgents/com.ollama.plist",
            Scenario
                .OllamaAgent("127.0.0.1")
                .Replace(
                    "<key>OLLAMA_HOST</key>",
                    "<key>OLLAMA_NO_CLOUD</key><string>1</string><key>OLLAMA_HOST</key>",
                    StringComparison.Ordinal
                )
        );
        Assert.Contains(
            "off: no cloud models and no web search (OLLAMA_NO_CLOUD is set in "
                + "~/Library/LaunchAgents/com.ollama.plist (com.ollama))",
            (await mac.DiagnoseAsync()).MessageOf("ollama-cloud")
        );
        // Ollama's own report takes precedence.
        mac.Overrides["/api/status"] = (200, "{\"cloud\":{\"disabled\":false,\"source\":\"none\"}}");
        Assert.Contains("on, as reported by Ollama", (await mac.DiagnoseAsync()).MessageOf("ollama-cloud"));
    }

    [TestMethod]
    public Task OllamaWithoutAService_IsFound() =>
        CheckAsync(mac => mac.Forget("print-com.ollama"), ("ollama-agent", "launchctl bootstrap gui/501"));

    [TestMethod]
    public Task HaproxyThatIsStillLoaded_IsFound() =>
        CheckAsync(
            mac => mac.SetOutput("print-com.haproxy", MacTools.Running("com.haproxy")),
            ("haproxy-gone", "fastgate install")
        );

    [TestMethod]
    public Task OlderProgram_IsFound() =>
        CheckAsync(
            mac => Script.Write(mac.Home.PathOf(".local/bin"), "fastgate", "#!/bin/sh\necho 0.9.0"),
            ("installed-program", "fastgate install")
        );

    private static async Task CheckAsync(Action<MacDoctorHarness> breakIt, params (string Id, string Cure)[] found)
    {
        await using MacDoctorHarness mac = await MacDoctorHarness.OpenAsync();
        breakIt(mac);
        DoctorReport report = await mac.DiagnoseAsync();
        report.CheckFailed([.. found.Select(failure => failure.Id)]);
        foreach ((string id, string cure) in found)
            Assert.Contains(cure, report.CureOf(id), id);
    }
}
