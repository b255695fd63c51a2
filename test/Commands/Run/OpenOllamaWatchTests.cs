using System.Net;
using FastGate.Commands.Run;
using FastGate.Test.Commands.Doctor;
using FastGate.Test.Commands.Install;
using FastGate.Test.Proxy.Listening;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Commands.Run;

/// <summary>
/// Ollama on every address next to a gate on one: on macOS both silently share the port (SO_REUSEADDR). On any system
/// Ollama may listen on one more address.
/// </summary>
[TestClass]
public sealed class OpenOllamaWatchTests
{
    private static readonly IPEndPoint Gate = IPEndPoint.Parse("100.87.6.5:11434");
    private static readonly IPEndPoint Lan = IPEndPoint.Parse("10.0.0.5:11434");

    private readonly RecordingLogger _log = new();

    [TestMethod]
    public async Task ExposedOllama_IsLoggedOnce_AndAgainAfterItReturns()
    {
        bool isOpen = true;
        FakeProbe probe = new((to, _) => isOpen && to.Equals(Lan) ? FakeProbe.Ollama : null);
        OpenOllamaWatch watch = Make(probe, "127.0.0.1:11434", Gate);
        await watch.CheckAsync();
        await watch.CheckAsync();
        (LogLevel level, _, string text) = _log.Lines.Single();
        Assert.AreEqual(LogLevel.Warning, level);
        StringAssert.StartsWith(text, "Ollama is also reachable at 10.0.0.5:11434, bypassing this gate");
        StringAssert.Contains(text, "OLLAMA_HOST=127.0.0.1:11434");
        isOpen = false;
        await watch.CheckAsync();
        isOpen = true;
        await watch.CheckAsync();
        Assert.HasCount(2, _log.Lines);
    }

    [TestMethod]
    public async Task OllamaOnAnotherPort_IsFound()
    {
        FakeProbe probe = new((to, _) => to.Equals(IPEndPoint.Parse("10.0.0.5:11500")) ? FakeProbe.Ollama : null);
        await Make(probe, "127.0.0.1:11500", Gate).CheckAsync();
        StringAssert.Contains(_log.Lines.Single().Text, "10.0.0.5:11500");
        Assert.Contains("10.0.0.5:11434 GET //fastgate-doctor", probe.Sent, "the gate's port is probed as well");
    }

    [TestMethod]
    public async Task ThisGate_AnotherGate_AndLoopback_AreNotReported()
    {
        FakeProbe probe = new(
            (to, _) => to.Equals(Gate) || IPAddress.IsLoopback(to.Address) ? FakeProbe.Ollama : FakeProbe.Refusal
        );
        await Make(probe, "127.0.0.1:11434", Gate).CheckAsync();
        Assert.IsEmpty(_log.Lines);
        Assert.IsEmpty(probe.Sent.Where(sent => sent.StartsWith("100.87.6.5:11434 ", StringComparison.Ordinal)));
        Assert.IsEmpty(
            probe.Sent.Where(asked =>
                asked.StartsWith("127.", StringComparison.Ordinal)
                || asked.StartsWith("[::1]", StringComparison.Ordinal)
            )
        );
    }

    [TestMethod]
    public async Task GateOnEveryAddress_ProbesNothing()
    {
        FakeProbe probe = new((_, _) => FakeProbe.Ollama);
        await Make(probe, "127.0.0.1:11434", IPEndPoint.Parse("0.0.0.0:11434")).CheckAsync();
        Assert.IsEmpty(probe.Sent);
    }

    [TestMethod]
    public async Task OllamaOnAnotherMachine_IsNotProbed()
    {
        FakeProbe probe = new((_, _) => FakeProbe.Ollama);
        await Make(probe, "10.0.0.77:11434", Gate)
            .RunAsync(TimeProvider.System, CancellationToken.None)
            .WithinDeadline();
        Assert.IsEmpty(probe.Sent);
    }

    [TestMethod]
    public async Task Watch_ChecksAtOnce_AfterAMinute_AndEveryTenMinutes()
    {
        FakeProbe probe = new((_, _) => null);
        TestTimeProvider time = new();
        using CancellationTokenSource stopping = new();
        Task running = Make(probe, "127.0.0.1:11434", Gate).RunAsync(time, stopping.Token);
        int once = probe.Sent.Count;
        Assert.IsGreaterThan(0, once);
        foreach ((int minutes, int checks) in ((int, int)[])[(1, 2), (9, 2), (1, 3), (10, 4)])
        {
            time.Advance(TimeSpan.FromMinutes(minutes));
            await Until.HoldsAsync(() => probe.Sent.Count == checks * once && time.TimersSet == 1, $"{checks} checks");
        }
        await stopping.CancelAsync();
        await running.WithinDeadline();
    }

    /// <summary>
    /// Regression: a probe that found no free descriptor ended the watch, and the gate then skipped the drain at
    /// shutdown.
    /// </summary>
    [TestMethod]
    public async Task CheckThatFails_IsLogged_AndRunAgain()
    {
        FakeProbe probe = new((_, _) => throw new FileNotFoundException("no descriptor left"));
        TestTimeProvider time = new();
        using CancellationTokenSource stopping = new();
        Task running = Make(probe, "127.0.0.1:11434", Gate).RunAsync(time, stopping.Token);
        foreach (int checks in (int[])[1, 2])
        {
            await Until.HoldsAsync(
                () => _log.Count(LogLevel.Warning) == checks && time.TimersSet == 1,
                $"{checks} failed checks"
            );
            time.Advance(TimeSpan.FromMinutes(10));
        }
        await stopping.CancelAsync();
        await running.WithinDeadline();
        Assert.Contains("failed: no descriptor left", _log.Lines.First().Text);
    }

    [TestMethod]
    public async Task RunningGate_LogsThatOllamaIsExposed()
    {
        await using DoctorHarness harness = await DoctorHarness.OpenAsync();
        await harness.StartOllamaAsync();
        await harness.StartOllamaAsync(DoctorHarness.Lan);
        harness.StartGate($"Ollama is also reachable at {DoctorHarness.Lan}:11434, bypassing this gate");
    }

    private OpenOllamaWatch Make(FakeProbe probe, string upstream, params IPEndPoint[] bound) =>
        new(IPEndPoint.Parse(upstream), () => bound, () => Machines.Linux, probe, _log);
}
