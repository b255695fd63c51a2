using System.Net.Sockets;
using System.Text;
using FastGate.Test.Abuse;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Regression: a client reads none of many interim responses and then ends its request incorrectly. The gate's own
/// response went into the middle of the pending write, which threw an exception.
/// </summary>
[TestClass]
public sealed class InterimBlockTests
{
    private const string Head =
        "POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n";

    private readonly RecordingLogger _log = new();
    private readonly FakeTimeProvider _time = new();

    [TestMethod, BothBackends]
    public Task ContentBreaks_EndsTheConnection(Way way) => Check(way, (client, _) => client.SendAsync("zz\r\n"));

    [TestMethod, BothBackends]
    public Task ContentStalls_EndsTheConnection(Way way) =>
        Check(
            way,
            (_, _) =>
            {
                _time.Advance(TimeSpan.FromSeconds(61));
                return Task.CompletedTask;
            }
        );

    [TestMethod, BothBackends]
    public Task ClientResets_EndsTheConnection(Way way) =>
        Check(
            way,
            (client, _) =>
            {
                client.Connection.Abort();
                return Task.CompletedTask;
            }
        );

    [TestMethod, BothBackends]
    public Task UpstreamDies_EndsTheConnection(Way way) =>
        Check(
            way,
            (_, upstream) =>
            {
                upstream.Abort();
                return Task.CompletedTask;
            },
            isSeen: false
        );

    [TestMethod, BothBackends]
    public Task ClientFinishesAndTakesNothing_EndsByTheStallLimit(Way way) =>
        Check(
            way,
            async (client, _) =>
            {
                client.Connection.FinishSending();
                await _scene!.Gate.SessionsAsync();
                _time.Advance(TimeSpan.FromMinutes(7));
                await _scene.Gate.SessionsAsync();
                _time.Advance(TimeSpan.FromMinutes(7));
            }
        );

    private Scene? _scene;

    /// <param name="way">The backend.</param>
    /// <param name="end">How the client or the upstream then fails.</param>
    /// <param name="isSeen">False if the gate notices the failure only when the client reads or is closed.</param>
    private async Task Check(Way way, Func<RawClient, RawConnection, Task> end, bool isSeen = true)
    {
        await using Scene set = _scene = await Scene.StartAsync(way, time: _time, log: _log);
        using RawClient client = await RawClient.ConnectAsync(set.Gate.Endpoint, receiveBytes: 4096);
        await client.SendAsync(Head);
        RawConnection upstream = await set.NextUpstreamAsync();
        await upstream.ReadThroughAsync("a\r\n"u8.ToArray());
        byte[] interim = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 1_000_000))
        );
        Task sending = upstream.SendWithoutDeadlineAsync(interim);
        int held = 0;
        await Until.HoldsAsync(
            async () => (held = await set.Gate.BuffersInUseAsync() > 0 ? held + 1 : 0) > 20,
            "the path to the client is blocked"
        );
        Assert.IsFalse(sending.IsCompleted);

        await end(client, upstream);
        if (!isSeen)
        {
            await set.Gate.SessionsAsync();
            _time.Advance(TimeSpan.FromMinutes(7));
        }
        // The lingering close waits for the client, on the test's clock.
        await Until.HoldsAsync(
            async () =>
            {
                _time.Advance(TimeSpan.FromSeconds(3));
                return await set.Gate.SessionsAsync() == 0;
            },
            "the session ends"
        );
        await set.Gate.WaitUntilEmptyAsync();
        await Assert.ThrowsAsync<SocketException>(() => sending.WithinDeadline());
        Assert.AreEqual(0, _log.Count(LogLevel.Error), string.Join('\n', _log.Lines.Select(line => line.Text)));
        Assert.AreEqual(403, (await (await set.ConnectAsync()).ExchangeAsync(Scene.Forbidden)).Status);
    }
}
