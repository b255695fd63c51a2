using System.Text.Json;
using FastGate.Proxy.Gate;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The access log's disk stalls or is full: clients notice nothing, and missing lines are counted.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class LogDiskTests
{
    // More lines than both buffers hold.
    private const int Requests = 6_000;
    private const int AtOnce = 50;

    [TestMethod, BothBackends]
    public async Task PipeWithoutReader_DelaysNoClient_AndTheGapIsLogged(Way way)
    {
        string folder = Directory.CreateTempSubdirectory("fastgate-").FullName;
        string pipe = Path.Combine(folder, "pipe");
        await using (ChildProcess make = ChildProcess.Start(Required.Tool("mkfifo"), [pipe]))
            Assert.AreEqual(0, (await make.EndAsync(StepDeadline.Longest)).ExitCode);
        await using Scene scene = await Scene.StartAsync(way, options => options with { AccessLog = pipe });
        GateServer gate = scene.Gate.Gate;
        await SendRequestAsync(scene);
        Assert.IsGreaterThan(0, gate.AccessLog!.Dropped);

        Task<string[]> reading = Task.Run(() => File.ReadAllLines(pipe));
        // Each attempt fails until a reader opens the pipe.
        await Until.HoldsAsync(() => gate.AccessLog.FlushAsync().WithinDeadline(), "lines written");
        await scene.Gate.DisposeAsync();
        JsonElement[] lines = [.. (await reading.WithinDeadline()).Select(line => JsonElement.Parse(line))];
        long dropped = lines.Sum(line => line.TryGetProperty("dropped", out JsonElement count) ? count.GetInt64() : 0);
        Assert.AreEqual(gate.AccessLog.Dropped, dropped);
        Assert.AreEqual(Requests, dropped + lines.Count(line => line.TryGetProperty("status", out _)));
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod, BothBackends]
    [OSCondition(OperatingSystems.Linux)]
    public async Task FullDisk_DelaysNoClient_AndIsLoggedOnce(Way way)
    {
        RecordingLogger logger = new();
        await using Scene scene = await Scene.StartAsync(
            way,
            options => options with { AccessLog = "/dev/full" },
            log: logger
        );
        await SendRequestAsync(scene);
        Assert.IsFalse(await scene.Gate.Gate.AccessLog!.FlushAsync().WithinDeadline());
        await SendRequestAsync(scene);
        Assert.IsGreaterThan(0, scene.Gate.Gate.AccessLog.Dropped);
        Assert.AreEqual(1, logger.Lines.Count(line => line.Id.Id == 400), string.Join('\n', logger.Lines));
    }

    private static async Task SendRequestAsync(Scene scene)
    {
        RawClient client = await scene.ConnectAsync();
        string requests = string.Concat(Enumerable.Repeat(Scene.Forbidden, AtOnce));
        for (int asked = 0; asked < Requests; asked += AtOnce)
        {
            await client.SendAsync(requests);
            for (int i = 0; i < AtOnce; i++)
                Assert.AreEqual(403, (await client.ReadResponseAsync()).Status);
        }
    }
}
