using System.Net;
using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Warm;

/// <summary><c>warm --wait</c>, for a login or boot at which Ollama starts later.</summary>
[TestClass]
public sealed class WarmWaitTests
{
    private readonly IPEndPoint _at = new(IPAddress.Loopback, Ports.Free());

    [TestMethod]
    public async Task OllamaThatStartsLater_IsWaitedFor()
    {
        Task<CliResult> warm = WarmAsync("--wait", "600");
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        Assert.IsFalse(warm.IsCompleted);
        await using StandInOllama ollama = await StandInOllama.StartAsync(_at);
        CliResult result = await warm.WithinDeadline();
        Assert.AreEqual(0, result.Code, result.Error);
    }

    [TestMethod]
    public async Task WithoutTheFlag_ItIsReportedAtOnce()
    {
        CliResult result = await WarmAsync();
        Assert.AreEqual(2, result.Code);
        Assert.Contains("start Ollama", result.Error);
    }

    private Task<CliResult> WarmAsync(params string[] flags) =>
        Cli.RunAsync(["warm", "--config", Cli.Empty, "--upstream", $"{_at}", .. flags, "qwen2.5-coder:32b"]);
}
