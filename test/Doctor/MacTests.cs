using FastGate.Test.Install;

namespace FastGate.Test.Doctor;

[TestClass]
public sealed class MacTests
{
    [TestMethod]
    public Task HealthyMac_PassesAll() => CheckAsync(_ => { });

    [TestMethod]
    public Task AgentThatIsNotLoaded_IsBootstrapped() => CheckAsync(mac => mac.Forget("print-com.fastgate"),
        ("gate-agent", "launchctl bootstrap gui/501 ~/Library/LaunchAgents/com.fastgate.plist"));

    [TestMethod]
    public Task AgentThatIsNotThere_IsInstalled() => CheckAsync(mac =>
    {
        mac.Forget("print-com.fastgate");
        File.Delete(mac.Home.PathOf("Library/LaunchAgents/com.fastgate.plist"));
    }, ("gate-agent", "fastgate install"), ("gate-agent-file", "fastgate install"));

    [TestMethod]
    public Task AgentThatCannotStart_ShowsItsLog() => CheckAsync(mac => mac.Say("print-com.fastgate", MacTools.Crashing("com.fastgate")),
        ("gate-agent", "tail -n 20 "));

    [TestMethod]
    public Task AgentThatEndsAgainAndAgain_ShowsItsLog() => CheckAsync(
        mac => mac.Say("print-com.fastgate", MacTools.Crashing("com.fastgate").Replace("spawn scheduled", "running\n\tpid = 9", StringComparison.Ordinal)),
        ("gate-agent", "tail -n 20 "));

    [TestMethod]
    public Task PropertyListThatIsBroken_IsLinted() => CheckAsync(mac => mac.Home.Write("Library/LaunchAgents/com.fastgate.plist", "<plist>"),
        ("gate-agent-file", "plutil -lint "));

    [TestMethod]
    public Task OllamaOnEveryAddress_IsFound() => CheckAsync(mac => mac.Say("lsof", mac.Sockets("*", "u")), ("ollama-loopback", "fastgate install"));

    [TestMethod]
    public Task OllamaOfAnotherUserOnEveryAddress_IsFound() => CheckAsync(mac =>
    {
        mac.Say("lsof", "");
        mac.Say("netstat", mac.Table("*"));
    }, ("ollama-loopback", "fastgate install"));

    [TestMethod]
    public Task OllamaInAContainerThatIsPublished_IsFound() => CheckAsync(
        mac => mac.Say("lsof", mac.Sockets("*", "u").Replace("collama", "ccom.docker.backend", StringComparison.Ordinal)), ("ollama-loopback", "docker ps --filter publish="));

    [TestMethod]
    public Task OllamaOfRoot_IsFound() => CheckAsync(mac => mac.Say("lsof", mac.Sockets("127.0.0.1", "root")), ("ollama-owner", "fastgate install"));

    [TestMethod]
    public Task OllamaHostThatLetsOthersIn_IsFound() => CheckAsync(
        mac => mac.Home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("0.0.0.0")), ("ollama-host", "fastgate install"));

    [TestMethod]
    public Task OllamaHostOfTheSession_IsFound() => CheckAsync(mac =>
    {
        File.Delete(mac.Home.PathOf("Library/LaunchAgents/com.ollama.plist"));
        mac.Say("session-OLLAMA_HOST", "0.0.0.0\n");
    }, ("ollama-host", "launchctl setenv OLLAMA_HOST"));

    [TestMethod]
    public Task OllamaThatNobodyKeeps_IsFound() => CheckAsync(mac => mac.Forget("print-com.ollama"), ("ollama-agent", "launchctl bootstrap gui/501"));

    [TestMethod]
    public Task HaproxyThatIsStillThere_IsFound() => CheckAsync(mac => mac.Say("print-com.haproxy", MacTools.Running("com.haproxy")),
        ("haproxy-gone", "fastgate install"));

    [TestMethod]
    public Task OlderProgram_IsFound() => CheckAsync(
        mac => LinuxTools.Write(mac.Home.PathOf(".local/bin"), "fastgate", "#!/bin/sh\necho 0.9.0"), ("installed-program", "fastgate install"));

    private static async Task CheckAsync(Action<MacClinic> makeIll, params (string Id, string Cure)[] found)
    {
        await using MacClinic mac = await MacClinic.OpenAsync();
        makeIll(mac);
        Diagnoses said = await mac.AskAsync();
        said.CheckFailed([.. found.Select(each => each.Id)]);
        foreach ((string id, string cure) in found) Assert.Contains(cure, said.CureOf(id), id);
    }
}
