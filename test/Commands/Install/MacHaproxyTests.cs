using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>HAProxy under other labels, in other folders and as a system daemon.</summary>
[TestClass]
public sealed class MacHaproxyTests
{
    [TestMethod]
    public async Task HaproxyLoadedFromElsewhere_IsUnloaded_AndRestored()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write(".haproxy/haproxy.cfg", Scenario.HaproxyConfig);
        home.Write(
            "dev/com.haproxy.plist",
            Scenario.HaproxyAgent.Replace("CONFIG", "/nowhere", StringComparison.Ordinal)
        );
        home.Write(
            "Library/LaunchAgents/com.haproxy.plist",
            Scenario.HaproxyAgent.Replace("CONFIG", "/nowhere", StringComparison.Ordinal)
        );
        home.WriteState("loaded-com.haproxy", home.PathOf("dev/com.haproxy.plist") + "\n");
        string[] before = home.Tree();
        Assert.AreEqual(0, (await home.InstallAsync()).Code);
        Assert.IsFalse(home.IsLoaded("com.haproxy"));
        Assert.IsFalse(home.Has("Library/LaunchAgents/com.haproxy.plist"));
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    [DataRow("homebrew.mxcl.haproxy", true)]
    [DataRow("net.example.proxy", true)]
    [DataRow("homebrew.mxcl.haproxy", false)]
    public async Task HaproxyUnderAnotherLabel_IsReplaced_IfItProtectsOllama(string label, bool isBeforeOllama)
    {
        using Home home = Scenario.Mac("ollama");
        string config = home.PathOf("etc/haproxy.cfg");
        home.Write("etc/haproxy.cfg", isBeforeOllama ? Scenario.HaproxyConfig : "frontend web\n  bind :80\n");
        home.Load(
            label,
            Scenario
                .Case("B7-homebrew.mxcl.haproxy.plist")
                .Replace("homebrew.mxcl.haproxy", label, StringComparison.Ordinal)
                .Replace(
                    "/opt/homebrew/etc/haproxy.cfg",
                    config.Replace("&", "&amp;", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        Assert.AreEqual(!isBeforeOllama, home.IsLoaded(label));
        if (isBeforeOllama)
        {
            Assert.Contains(
                $"HAProxy protects Ollama on this machine: ~/Library/LaunchAgents/{label}.plist",
                result.Out
            );
            Assert.Contains($"Unload {label} and move its property list aside?", result.Out);
        }
        await home.CheckReinstallAndUninstallAsync(before);
    }

    [TestMethod]
    public async Task SystemHaproxy_IsLeftToRoot_AndNothingIsChanged()
    {
        using Home home = Scenario.Mac("ollama");
        home.Write("etc/haproxy.cfg", Scenario.HaproxyConfig);
        home.WriteSystems(
            "LaunchDaemons/homebrew.mxcl.haproxy.plist",
            Scenario
                .Case("B7-homebrew.mxcl.haproxy.plist")
                .Replace(
                    "/opt/homebrew/etc/haproxy.cfg",
                    home.PathOf("etc/haproxy.cfg").Replace("&", "&amp;", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
        home.WriteState("loaded-homebrew.mxcl.haproxy", "x\n");
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(1, result.Code, result.Out);
        Assert.Contains(
            "homebrew.mxcl.haproxy (/ROOT/Library/LaunchDaemons/homebrew.mxcl.haproxy.plist)",
            result.Error
        );
        Assert.Contains("sudo launchctl bootout system/homebrew.mxcl.haproxy", result.Error);
        home.CheckTree(before, "");
    }
}
