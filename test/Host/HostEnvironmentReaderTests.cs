using FastGate.Host;
using FastGate.Launchd;

namespace FastGate.Test.Host;

[TestClass]
public sealed class HostEnvironmentReaderTests
{
    [TestMethod]
    public async Task UserId_IsTheOneThatIdPrints()
    {
        using HttpProbe probe = new();
        (HostEnvironment? host, string problem) = await HostEnvironmentReader.ReadAsync(probe);
        Assert.IsNotNull(host, problem);
        CommandResult id = await host.Runner.RunAsync("id", ["-u"], TimeSpan.FromSeconds(10));
        Assert.AreEqual(id.Output.Trim(), $"{host.UserId}");
    }
}
