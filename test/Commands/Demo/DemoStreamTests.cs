using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Commands.Demo;

namespace FastGate.Test.Commands.Demo;

[TestClass]
public sealed class DemoStreamTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string End = "0\r\n\r\n";

    [TestMethod]
    public async Task EventsThatArriveTogether_AreFewerReads()
    {
        string token = Chunk("""data: {"sent_ns":0,"choices":[{"delta":{"content":"a"}}]}""");
        await Check(1, 3, "aa", Head + token + token + Chunk("data: [DONE]") + End);
    }

    [TestMethod]
    public async Task EventSplitOverTwoReads_IsOneEvent()
    {
        string token = Chunk("""data: {"sent_ns":0,"choices":[{"delta":{"content":"a"}}]}""");
        await Check(2, 1, "a", Head + token[..20], token[20..] + End);
    }

    private static string Chunk(string data) => $"{data.Length + 2:x}\r\n{data}\n\n\r\n";

    /// <summary>Sends each part after the client has received the one before.</summary>
    private static async Task Check(int reads, int events, string text, params string[] parts)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using DemoClient client = DemoClient.Connect((IPEndPoint)listener.LocalEndpoint);
        using Socket server = await listener.AcceptSocketAsync();
        StringBuilder shown = new();
        await server.SendAsync(Encoding.ASCII.GetBytes(parts[0]));
        Task<DemoStream> receiving = Task.Run(() =>
            DemoStream.Receive(client, "?"u8.ToArray(), piece => shown.Append(piece), default)
        );
        foreach (string part in parts[1..])
        {
            // The request shows that the client is reading; the first part was sent before it.
            await server.ReceiveAsync(new byte[1]);
            SpinWait.SpinUntil(() => client.Received.Length > 0, TimeSpan.FromSeconds(10));
            await server.SendAsync(Encoding.ASCII.GetBytes(part));
        }

        DemoStream stream = await receiving.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.AreEqual(reads, stream.Reads);
        Assert.AreEqual(events, stream.Events);
        Assert.AreEqual(text, shown.ToString());
    }
}
