using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>
/// Regression: a neighbor on the LAN takes a link-local address that this machine has on another interface, and
/// connects to its Tailscale address. The gate compared its own addresses without their scope, so the neighbor passed
/// <c>from</c>: every Mac has fe80::1.
/// </summary>
[TestClass]
public sealed class LinkLocalPeerTests
{
    private const string Six = "fd7a:115c:a1e0::7b01:6667";
    private const string Point = $"[{Six}]:11434";

    [TestMethod]
    [DataRow("fe80::1", "lo")]
    [DataRow("fe80::abcd", "tailscale0")]
    public async Task LinkLocalAddressOfAnotherInterface_IsRejected(string address, string on)
    {
        await using TailnetScene scene = await TailnetScene.OpenAsync();
        await scene.BeginTailscaleAsync();
        await scene.AddAsync($"{Six}/48 nodad");
        await scene.Home.IpAsync($"-6 addr add {address}/64 dev {on} nodad");
        await scene.RouteIPv6OverLanAsync();
        scene.Start("tailscale:11434");
        scene.CheckBound(Point);
        await EndsAsync(scene, "fe80::5");
        await EndsAsync(scene, address);
        await scene.ServeAsync(await scene.FromTailnetAsync(Point));
    }

    /// <summary>
    /// The connection is closed without a response; how it ends depends on what has been sent by then.
    /// </summary>
    private static async Task EndsAsync(TailnetScene scene, string from)
    {
        RawClient client = await scene.FromNeighbourAsync(Point, from);
        scene.Gate.WaitFor($"A connection from {from}");
        try
        {
            await client.SendAsync(TailnetScene.Get);
            Assert.IsEmpty(await client.Connection.ReadToEndAsync(), from);
        }
        catch (SocketException exception)
        {
            Assert.IsTrue(
                exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown,
                exception.Message
            );
        }
    }
}
