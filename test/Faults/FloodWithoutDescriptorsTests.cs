using System.Net;
using System.Net.Sockets;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>
/// Regression: clients used up the descriptors and disconnected without a request. Starting the flood screen's thread
/// then failed with OutOfMemoryException for lack of a descriptor, which silently ended the accept loop; no client
/// could connect until a restart.
/// </summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux)]
public sealed class FloodWithoutDescriptorsTests
{
    // The runtime itself uses about 150, including the metrics port.
    private const int Descriptors = 230;
    private const int Clients = 300;
    private const int Rounds = 3;

    [TestMethod]
    public async Task ClientsThatLeaveWithoutARequest_DoNotEndAccepting()
    {
        IPEndPoint entrance = new(IPAddress.Loopback, Ports.Free());
        for (int round = 0; round < Rounds; round++)
        {
            using GateProcess gate = GateProcess.StartLimited(
                Descriptors,
                "run",
                "--listen",
                entrance.ToString(),
                "--metrics-port",
                Ports.Free().ToString()
            );
            gate.WaitFor("Listening on");
            // Each metrics port has a loop of its own, and starting one needs descriptors.
            // The two start in either order.
            gate.WaitFor("Serving metrics on http://");
            if (Socket.OSSupportsIPv6)
                gate.WaitFor("Serving metrics on http://");
            List<RawClient> crowd = [];
            for (int i = 0; i < Clients; i++)
                crowd.Add(await RawClient.ConnectAsync(entrance));
            gate.WaitFor("Accepting is paused");
            foreach (RawClient client in crowd)
                client.Dispose();
            await Until.HoldsAsync(() => IsServedAsync(entrance), "a new client is served");
            gate.Signal("TERM");
            Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
            Assert.DoesNotContain("nexpected", gate.Output);
            Assert.DoesNotContain("portable", gate.Output);
        }
    }

    /// <summary>
    /// A connection from a peer whose last connections carried no request may be closed, so the client retries.
    /// </summary>
    internal static async Task<bool> IsServedAsync(IPEndPoint entrance)
    {
        try
        {
            using RawClient late = await RawClient.ConnectAsync(entrance);
            return (await late.ExchangeAsync(Scene.Forbidden)).Status == 403;
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
