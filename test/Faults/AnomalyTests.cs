using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// For n = 1, 2, 3 … the n-th call of each kind goes wrong in each way that occurs: both ends close, one reason is
/// logged, nothing leaks, and the next client is served.
/// </summary>
[TestClass]
public sealed class AnomalyTests
{
    // A run has far fewer calls of a kind; the limit stops a run that never ends.
    private const int CallsMax = 100;

    private static readonly SocketError[] Broken =
    [
        SocketError.ConnectionReset,
        SocketError.TimedOut,
        SocketError.HostUnreachable,
        SocketError.NetworkUnreachable,
        SocketError.NoBufferSpaceAvailable,
        SocketError.WouldBlock,
        SocketError.Success,
    ];

    private static readonly SocketError[] NoSocket =
    [
        SocketError.TooManyOpenSockets,
        SocketError.NoBufferSpaceAvailable,
        SocketError.AccessDenied,
    ];

    [TestMethod, BothBackends]
    public Task Accept_IsSurvived(Way way) =>
        Check(
            way,
            ready: 1,
            SocketCall.Accept,
            [
                SocketError.TooManyOpenSockets,
                SocketError.NoBufferSpaceAvailable,
                SocketError.ConnectionAborted,
                SocketError.NetworkUnreachable,
                SocketError.WouldBlock,
            ]
        );

    [TestMethod, BothBackends]
    public Task Connect_IsSurvived(Way way) =>
        Check(
            way,
            ready: 0,
            SocketCall.Connect,
            [
                SocketError.ConnectionRefused,
                SocketError.TimedOut,
                SocketError.TooManyOpenSockets,
                SocketError.NoBufferSpaceAvailable,
                SocketError.NetworkUnreachable,
                SocketError.HostUnreachable,
            ]
        );

    [TestMethod, BothBackends]
    public Task Open_IsSurvived(Way way) => Check(way, ready: 0, SocketCall.Open, NoSocket);

    [TestMethod, BothBackends]
    public Task OpenAhead_IsSurvived(Way way) => Check(way, ready: 1, SocketCall.Open, NoSocket);

    [TestMethod, BothBackends]
    public Task ConnectAhead_IsSurvived(Way way) =>
        Check(way, ready: 1, SocketCall.Connect, [SocketError.ConnectionRefused, SocketError.TooManyOpenSockets]);

    [TestMethod, BothBackends]
    public Task ReceiveFromClient_IsSurvived(Way way) => Check(way, ready: 1, SocketCall.ReceiveFromClient, Broken);

    [TestMethod, BothBackends]
    public Task ReceiveFromUpstream_IsSurvived(Way way) => Check(way, ready: 1, SocketCall.ReceiveFromUpstream, Broken);

    [TestMethod, BothBackends]
    public Task SendToClient_IsSurvived(Way way) =>
        Check(way, ready: 1, SocketCall.SendToClient, [.. Broken, SocketError.Shutdown]);

    [TestMethod, BothBackends]
    public Task SendToUpstream_IsSurvived(Way way) =>
        Check(way, ready: 1, SocketCall.SendToUpstream, [.. Broken, SocketError.Shutdown]);

    [TestMethod, BothBackends]
    public Task SendToFreshUpstream_IsSurvived(Way way) =>
        Check(
            way,
            ready: 0,
            SocketCall.SendToUpstream,
            [SocketError.ConnectionReset, SocketError.NoBufferSpaceAvailable]
        );

    private static async Task Check(Way way, int ready, SocketCall call, SocketError[] errors)
    {
        await using AnomalyScene scene = await AnomalyScene.StartAsync(way, ready);
        IEnumerable<Anomaly> anomalies = errors.Select(error => new Anomaly(call, error));
        foreach (Anomaly anomaly in anomalies.Append(new Anomaly(call, SocketError.SocketError, Throws: true)))
        {
            int number = 1;
            while (await scene.RunAsync(anomaly, number))
                Assert.IsLessThan(CallsMax, number++);
            Assert.IsGreaterThan(1, number, $"{anomaly} never happened.");
        }
    }
}
