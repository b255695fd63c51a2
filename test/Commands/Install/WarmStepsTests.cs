using FastGate.Commands.Install;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary><c>install --warm</c>: models are loaded after each login or boot.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class WarmStepsTests
{
    private const string Unit = ".config/systemd/user/fastgate-warm.service";
    private const string PropertyList = "Library/LaunchAgents/com.fastgate.warm.plist";

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Warm_IsAServiceOfItsOwn_AndUninstallRemovesIt(bool isMac)
    {
        using Home home = new(isMac);
        home.WriteState("serves");
        string[] before = home.Tree();
        CliResult installed = await home.InstallAsync(Choices("qwen3:8b", "nomic-embed-text"));
        Assert.AreEqual(0, installed.Code, $"{installed.Out}\n{installed.Error}");
        string service = home.Read(isMac ? PropertyList : Unit);
        Assert.Contains("qwen3:8b", service);
        if (isMac)
        {
            Assert.Contains("<key>KeepAlive</key>\n\t\t<false", service);
            Assert.IsTrue(home.IsLoaded("com.fastgate.warm"));
        }
        else
        {
            Assert.Contains("\"warm\" \"--wait\" \"600\" \"qwen3:8b\" \"nomic-embed-text\"\n", service);
            Assert.DoesNotContain("Restart=", service);
            Assert.Contains("systemctl --user restart fastgate-warm.service", home.Calls);
        }

        string[] after = home.Tree(withTimes: true);
        CliResult again = await home.InstallAsync(Choices("qwen3:8b", "nomic-embed-text"));
        home.CheckTree(after, again.Out, withTimes: true);
        // Without the flag, what is installed stays.
        CliResult plain = await home.InstallAsync();
        home.CheckTree(after, plain.Out, withTimes: true);

        CliResult other = await home.InstallAsync(Choices("other"));
        Assert.AreEqual(0, other.Code, other.Out);
        Assert.DoesNotContain("qwen3:8b", home.Read(isMac ? PropertyList : Unit));

        CliResult uninstalled = await home.UninstallAsync();
        Assert.AreEqual(0, uninstalled.Code, uninstalled.Out);
        home.CheckTree(before, uninstalled.Out);
    }

    [TestMethod]
    [DataRow("-1")]
    [DataRow("a b")]
    public async Task InvalidModel_ChangesNothing(string model)
    {
        using Home home = new(isMac: false);
        string[] before = home.Tree();
        CliResult result = await home.InstallAsync(Choices(model));
        Assert.AreEqual(2, result.Code);
        Assert.Contains($"--warm: \"{model}\"", result.Error);
        home.CheckTree(before, result.Out);
    }

    private static InstallChoices Choices(params string[] models) => new(Yes: true) { Warm = models };
}
