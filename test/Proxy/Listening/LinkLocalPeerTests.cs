using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>
/// A neighbour on the LAN takes a link-local address that this machine has on another interface, and sends to its
/// Tailscale address. The gate compared own addresses without their scope, so the neighbour passed <c>from</c>: every
/// Mac has fe80::1.
/// </summary>
[TestClass]
public sealed class LinkLocalPeerTests
{
    private const string Six = "fd7a:115c:a1e0::7b01:6667";
    private const string Point = $"[{Six}]:11434";

    [TestMethod]
    [DataRow("fe80::1", "lo")]
    [DataRow("fe80::abcd", "tailscale0")]
    public async Task LinkLocalAddressOfAnotherInterface_IsTurnedAway(string address, string on)
    {
        await using Household house = await Household.MoveInAsync();
        await house.BeginTailscaleAsync();
        await house.AddAsync($"{Six}/48 nodad");
        await house.Home.IpAsync($"-6 addr add {address}/64 dev {on} nodad");
        await house.RouteIPv6OverLanAsync();
        house.Start("tailscale:11434");
        house.CheckBound(Point);
        await EndsAsync(house, "fe80::5");
        await EndsAsync(house, address);
        await house.ServeAsync(await house.FromTailnetAsync(Point));
    }

    /// <summary>It is closed before it is answered; how it ends depends on what had been sent by then.</summary>
    private static async Task EndsAsync(Household house, string from)
    {
        RawClient client = await house.FromNeighbourAsync(Point, from);
        house.Gate.WaitFor($"A connection from {from}");
        try
        {
            await client.SendAsync(Household.Get);
            Assert.IsEmpty(await client.Connection.ReadToEndAsync(), from);
        }
        catch (SocketException reset)
        {
            Assert.IsTrue(reset.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown, reset.Message);
        }
    }
}
