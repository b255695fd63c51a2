using FastGate.Config;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Config;

[TestClass]
public sealed class StatePathTests
{
    [TestMethod]
    [DataRow("{}", "/home/u/.local/state/fastgate/run/gate.sock")]
    [DataRow("""{"metrics": {}}""", "/home/u/.local/state/fastgate/run/gate.sock")]
    [DataRow("""{"metrics": {"socket": "auto"}}""", "/home/u/.local/state/fastgate/run/gate.sock")]
    [DataRow("""{"metrics": {"socket": "off"}}""", null)]
    [DataRow("""{"metrics": {"socket": "~/g.sock"}}""", "/home/u/g.sock")]
    [DataRow("""{"metrics": {"socket": "/run/g.sock"}}""", "/run/g.sock")]
    public void Socket_IsAPath(string config, string? path) =>
        Assert.AreEqual(path, Configs.Plan(config).MetricsSocket);

    [TestMethod]
    public void DefaultSocket_IsBesideTheLogs()
    {
        Machine mac = Configs.Machine with { IsMac = true };
        Assert.AreEqual("/home/u/Library/Logs/FastGate/run/gate.sock", Configs.Plan("{}", machine: mac).MetricsSocket);
        Assert.AreEqual(
            "/s/fastgate/run/gate.sock",
            Configs.Plan("{}", machine: Configs.Machine with { StateHome = "/s" }).MetricsSocket
        );
        Assert.IsNull(
            Configs.Plan("{}", machine: Configs.Machine with { Home = "" }).MetricsSocket,
            "a user without a home directory has no socket"
        );
    }

    [TestMethod]
    [DataRow("""{"metrics": {"socket": "run/g.sock"}}""", "metrics.socket: \"run/g.sock\" is not an absolute path")]
    [DataRow("""{"metrics": {"socket": "/run/"}}""", "metrics.socket: \"/run/\" is a directory; write /run/gate.sock")]
    [DataRow("""{"metrics": {"port": 65536}}""", "metrics.port: 65536 is out of range")]
    [DataRow("""{"metrics": {"port": 94.64}}""", "metrics.port: 94.64 is not a whole number")]
    [DataRow("""{"metrics": {"prot": 9464}}""", "metrics.prot: unknown member \"prot\"; did you mean \"port\"?")]
    [DataRow("""{"metrics": 9464}""", "metrics: the number 9464 is not allowed here")]
    public void InvalidMetrics_HaveACure(string config, string problem) =>
        StringAssert.Contains(Configs.Problems(config), problem);

    [TestMethod]
    public void PathOverTheSocketLimit_IsAProblem()
    {
        string longest = "/" + new string('x', 90);
        Assert.AreEqual("", Configs.Problems($$"""{"metrics": {"socket": "{{longest}}" } }"""));
        StringAssert.Contains(
            Configs.Problems($$"""{"metrics": {"socket": "{{longest}}x" } }"""),
            "longer than 91 bytes"
        );
    }

    [TestMethod]
    public void Port_IsOffByDefault()
    {
        Assert.AreEqual(0, Configs.Plan("{}").MetricsPort);
        Assert.AreEqual(9464, Configs.Plan("""{"metrics": {"port": 9464}}""").MetricsPort);
    }

    [TestMethod]
    [DataRow("--metrics-port x", "--metrics-port: \"x\" is not a whole number")]
    [DataRow("--metrics-port 65536", "--metrics-port: 65536 is out of range")]
    [DataRow("--metrics-socket /tmp/", "--metrics-socket: \"/tmp/\" is a directory")]
    public async Task Flags_AreCheckedLikeTheFile(string flags, string problem)
    {
        CliResult result = await Cli.CheckAsync(flags.Split(' '));
        Assert.AreEqual(2, result.Code);
        StringAssert.Contains(result.Error, problem);
    }
}
