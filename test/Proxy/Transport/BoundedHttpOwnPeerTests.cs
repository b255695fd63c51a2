using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>
/// Without a server on a port that the system also gives to clients, a socket can connect to itself. A verb then read
/// back its own request, and held the port that Ollama wants to listen on.
/// </summary>
[TestClass]
public sealed class BoundedHttpOwnPeerTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("127.0.0.1")]
    [DataRow("::1")]
    public async Task ConnectionToItself_IsRefused_AndLeavesThePort(string host)
    {
        IPAddress address = IPAddress.Parse(host);
        // As the verbs make it: one socket for both families.
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address.MapToIPv6(), 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        SocketException exception = await Assert.ThrowsExactlyAsync<SocketException>(async () =>
            await BoundedHttp.ConnectAsync(socket, new DnsEndPoint(host, port), CancellationToken.None)
        );
        Assert.AreEqual(SocketError.ConnectionRefused, exception.SocketErrorCode);
        using Socket ollama = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        ollama.Bind(new IPEndPoint(address, port));
        ollama.Listen();
    }

    [TestMethod]
    public void EveryClient_ConnectsWithThatGuard_ButForOneThatConnectsToAUnixSocket()
    {
        using SocketsHttpHandler tcp = new();
        using HttpClient first = BoundedHttp.Client(tcp, TimeSpan.FromSeconds(1));
        Assert.IsNotNull(tcp.ConnectCallback);

        static ValueTask<Stream> Own(SocketsHttpConnectionContext context, CancellationToken token) =>
            throw new IOException();
        using SocketsHttpHandler unix = new() { ConnectCallback = Own };
        using HttpClient second = BoundedHttp.Client(unix, TimeSpan.FromSeconds(1));
        Assert.AreEqual(Own, unix.ConnectCallback);
    }

    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("localhost")]
    [DataRow("::1")]
    public async Task ServerThatIsThere_IsReached(string host)
    {
        using Socket server = new(SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        server.Listen();
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        await using Stream stream = await BoundedHttp.ConnectAsync(
            new Socket(SocketType.Stream, ProtocolType.Tcp),
            new DnsEndPoint(host, port),
            CancellationToken.None
        );
        Assert.IsTrue(stream.CanWrite);
    }
}
