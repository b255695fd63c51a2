using System.Text;
using FastGate.Proxy.Gate;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Abuse;

/// <summary>Connections that open and close before they have carried a request.</summary>
[TestClass]
[OSCondition(OperatingSystems.Linux, IgnoreMessage = Peers.OnlyOnLinux)]
public sealed class StormTests
{
    private const int Connections = 1000;
    private const int AtOnce = 50;
    private const int FullEvent = 330;

    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        "GET /v1/models/m?1.Length.1.1 HTTP/1.1\r\nHost: gate\r\n\r\n"
    );

    [TestMethod, BothBackends]
    public Task ResetAtOnce_LeavesNothing(Way way) => StormAsync(way, connection => connection.Abort());

    [TestMethod, BothBackends]
    public Task ClosedAtOnce_LeavesNothing(Way way) => StormAsync(way, connection => connection.Dispose());

    [TestMethod, BothBackends]
    public Task HalfClosedAtOnce_LeavesNothing(Way way) => StormAsync(way, connection => connection.FinishSending());

    [TestMethod, BothBackends]
    public Task ResetInTheMiddleOfAHead_LeavesNothing(Way way) =>
        StormAsync(way, connection => connection.Abort(), Request[..20]);

    [TestMethod, BothBackends]
    public Task ClosedInTheMiddleOfAHead_LeavesNothing(Way way) =>
        StormAsync(way, connection => connection.Dispose(), Request[..20]);

    [TestMethod, BothBackends]
    public Task ResetAfterACompleteRequest_LeavesNothing(Way way) =>
        StormAsync(way, connection => connection.Abort(), Request);

    [TestMethod, BothBackends]
    public Task ClosedAfterACompleteRequest_LeavesNothing(Way way) =>
        StormAsync(way, connection => connection.Dispose(), Request);

    [TestMethod, BothBackends]
    public Task ResetAfterManyRequests_LeavesNothing(Way way) =>
        StormAsync(
            way,
            connection => connection.Abort(),
            [.. Enumerable.Repeat(Request, 50).SelectMany(request => request)]
        );

    private static async Task StormAsync(Way way, Action<RawConnection> end, byte[]? first = null)
    {
        using TaggingUpstream upstream = new();
        RecordingLogger log = new();
        await using RunningGate gate = await RunningGate.StartAsync(
            RunningGate.Options(upstream.Endpoint, way, ["@seed"]),
            log: log
        );
        int next = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, AtOnce)
                .Select(async _ =>
                {
                    for (int number; (number = Interlocked.Increment(ref next)) <= Connections; )
                    {
                        using RawConnection connection = await RawConnection.ConnectAsync(
                            gate.Endpoint,
                            Peers.Number(number % 20)
                        );
                        if (first is not null)
                            await connection.SendAsync(first);
                        end(connection);
                    }
                })
        );
        await gate.WaitUntilEmptyAsync();
        Assert.AreEqual(0, upstream.Faults);
        // The connections that wait for the upstream may reach the connection limit.
        string[] warnings =
        [
            .. log
                .Lines.Where(line => line.Level >= LogLevel.Warning && line.Id != FullEvent)
                .Select(line => line.Text)
                // A storm without an allowed request counts as a flood.
                .Where(text => !text.Contains(AcceptLoop.Flooding, StringComparison.Ordinal)),
        ];
        Assert.IsEmpty(warnings, string.Join('\n', warnings));
        using RawClient client = await RawClient.ConnectAsync(gate.Endpoint);
        CheckedRequest request = new("GET", "/v1/models/m", new ResponsePlan(7, ResponseFraming.Length, 100, 100));
        await client.Connection.SendAsync(request.Wire());
        Assert.AreEqual(ExchangeOutcome.Correct, request.Classify(await client.ReadResponseAsync()));
    }
}
