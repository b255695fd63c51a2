using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Listening;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>Other requests to the daemon, and how the macOS app is reached.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class TailscaleLocalApiTests
{
    private static readonly IReadOnlyList<InterfaceAddress> Renamed =
    [
        new("lo", IPAddress.Loopback),
        new("eth0", IPAddress.Parse("10.0.0.5")),
        new("ts0", IPAddress.Parse("100.87.6.5")),
    ];

    [TestMethod]
    public async Task ServeConfig_IsRead()
    {
        await using FakeTailscaled daemon = new() { Serve = """{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}""" };
        ServeConfig? config = await new TailscaleDaemon([daemon.SocketPath])
            .ServeAsync(CancellationToken.None)
            .WithinDeadline();
        Assert.AreEqual("tailscale serve --tcp=11434", config!.Entries.Single().Description);
        daemon.Serve = "null";
        Assert.IsEmpty(
            (
                await new TailscaleDaemon([daemon.SocketPath]).ServeAsync(CancellationToken.None).WithinDeadline()
            )!.Entries
        );
        daemon.Serve = "serve config denied";
        Assert.IsNull(
            await new TailscaleDaemon([daemon.SocketPath]).ServeAsync(CancellationToken.None).WithinDeadline()
        );
    }

    [TestMethod]
    public async Task DaemonThatHangs_ReportsNoServe()
    {
        await using FakeTailscaled daemon = new() { IsSilent = true };
        Assert.IsNull(
            await new TailscaleDaemon([daemon.SocketPath]).ServeAsync(CancellationToken.None).WithinDeadline()
        );
    }

    // According to the source of the macOS app's own client; not verified against the app.
    [TestMethod]
    public async Task AppOfMacOs_IsQueriedOnItsPortWithItsToken()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ts-");
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        File.CreateSymbolicLink(Path.Combine(folder.FullName, "ipnport"), $"{port}");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"sameuserproof-{port}"), "s3cret\n");
        Task<string> serving = ServeAsync(listener);
        ServeConfig? config = await new TailscaleDaemon([], folder.FullName)
            .ServeAsync(CancellationToken.None)
            .WithinDeadline();
        Assert.IsEmpty(config!.Entries);
        string request = await serving;
        StringAssert.StartsWith(request, "GET /localapi/v0/serve-config HTTP/1.1\r\n");
        StringAssert.Contains(request, "Host: local-tailscaled.sock\r\n");
        StringAssert.Contains(request, $"Authorization: Basic {Convert.ToBase64String(":s3cret"u8)}\r\n");
        folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(null, null, DisplayName = "no port")]
    [DataRow("80/../x", null, DisplayName = "a port that is none")]
    [DataRow("9", null, DisplayName = "no token")]
    public async Task AppThatIsGone_ReportsNothing(string? port, string? token)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("ts-");
        if (port is not null)
            File.CreateSymbolicLink(Path.Combine(folder.FullName, "ipnport"), port);
        Assert.IsNull(token);
        Assert.IsNull(
            await new TailscaleDaemon([], folder.FullName).ServeAsync(CancellationToken.None).WithinDeadline()
        );
        folder.Delete(recursive: true);
    }

    [TestMethod]
    [DataRow(
        """{"BackendState":"Running","Self":{"TailscaleIPs":["100.87.6.5","fd7a:115c:a1e0::a01:605"]}}""",
        "100.87.6.5"
    )]
    [DataRow(
        """{"BackendState":"Running","TailscaleIPs":["100.87.6.5"]}""",
        "100.87.6.5",
        DisplayName = "an older version"
    )]
    [DataRow("""{"BackendState":"Stopped","Self":{"TailscaleIPs":["100.87.6.5"]}}""", "")]
    [DataRow(
        """{"TUN":false,"BackendState":"Running","Self":{"TailscaleIPs":["100.87.6.5"]}}""",
        "",
        DisplayName = "the interface is not Tailscale's"
    )]
    [DataRow(
        """{"BackendState":"Running","Self":{"TailscaleIPs":["100.87.6.9"]}}""",
        "",
        DisplayName = "a carrier's address"
    )]
    [DataRow(
        """{"BackendState":"Running","Self":{"TailscaleIPs":["10.0.0.5","127.0.0.1"]}}""",
        "",
        DisplayName = "addresses that Tailscale never gives"
    )]
    [DataRow("nonsense", "")]
    public async Task TunnelByAnotherName_IsKnownFromTheDaemon(string status, string expected)
    {
        await using FakeTailscaled daemon = new() { Status = status };
        IReadOnlyList<InterfaceAddress> marked = await new TailscaleDaemon([daemon.SocketPath])
            .MarkAsync(Renamed, CancellationToken.None)
            .WithinDeadline();
        Assert.AreEqual(expected, string.Join(' ', TailscaleAddresses.Find(marked)));
        Assert.AreEqual(
            string.Join(' ', Renamed.Select(address => address.Address)),
            string.Join(' ', marked.Select(address => address.Address))
        );
    }

    [TestMethod]
    public async Task MachineThatIsClear_IsNotQueried()
    {
        TailscaleDaemon silent = new(["/dev/null"]);
        Assert.AreSame(Machines.Linux, await silent.MarkAsync(Machines.Linux, CancellationToken.None));
        IReadOnlyList<InterfaceAddress> lan = [new("eth0", IPAddress.Parse("10.0.0.5"))];
        Assert.AreSame(lan, await silent.MarkAsync(lan, CancellationToken.None));
    }

    [TestMethod]
    public void MarkedTunnel_KeepsItsMarkWhenAnIPv6AddressFollows()
    {
        IReadOnlyList<InterfaceAddress> both = TailscaleAddresses.Mark(
            [.. Renamed, new("ts0", IPAddress.Parse("fd7a:115c:a1e0::a01:605"))],
            [IPAddress.Parse("100.87.6.5")]
        );
        Assert.AreEqual("100.87.6.5 fd7a:115c:a1e0::a01:605", string.Join(' ', TailscaleAddresses.Find(both)));
    }

    [TestMethod]
    public void Advice_IsWhatWorksWithoutMoreRights()
    {
        StringAssert.EndsWith(
            TailscaleAdvice.For(TailscaleState.Stopped, 11434),
            "disconnected: run sudo tailscale up."
        );
        StringAssert.EndsWith(
            TailscaleAdvice.For(TailscaleState.LoggedOut, 11434, "tailscale"),
            "logged in: run tailscale up."
        );
    }

    private static async Task<string> ServeAsync(TcpListener listener)
    {
        using RawConnection connection = new(await listener.AcceptSocketAsync());
        string request = Encoding.ASCII.GetString(await connection.ReadThroughAsync("\r\n\r\n"u8.ToArray()));
        await connection.SendAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nnull"u8.ToArray());
        return request;
    }
}
