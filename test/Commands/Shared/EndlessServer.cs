using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FastGate.Test.Commands.Shared;

/// <summary>
/// A server whose response never ends, for every request or for one path. It writes raw bytes: an HTTP library cannot
/// send an endless head, chunk size or trailer, and its allocations would count in the tests.
/// </summary>
internal sealed class EndlessServer : IDisposable
{
    /// <summary>Far more than any verb may read, but few enough that a test ends.</summary>
    private const long BytesMax = 1L << 30;

    private const string Plain = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly string _path;
    private readonly string _begin;
    private readonly byte[] _again;
    private long _sent;

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="path">The path whose response never ends; others get a normal response.</param>
    public EndlessServer(string kind, string path = "/")
    {
        _path = path;
        (_begin, string piece) = Shape(kind);
        _again = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, Math.Max(1, 65536 / piece.Length))));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public static string[] Kinds { get; } =
    [
        "content",
        "length",
        "chunks",
        "chunk-line",
        "line",
        "lines",
        "head",
        "head-line",
        "interim",
        "events",
        "trailers",
    ];

    public IPEndPoint EndPoint { get; }

    public long Sent => Interlocked.Read(ref _sent);

    public void Dispose() => _listener.Dispose();

    private static (string Begin, string Piece) Shape(string kind) =>
        kind switch
        {
            "content" => (Plain + "{\"models\":[", "{\"name\":\"a:latest\",\"size\":1},"),
            "length" => ($"HTTP/1.1 200 OK\r\nContent-Length: {long.MaxValue}\r\n\r\n", "x"),
            "chunks" => ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "10\r\n{\"version\":\"0.1\"\r\n"),
            "chunk-line" => ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "x"),
            "trailers" => ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-A: 1\r\n"),
            "line" => (Plain + "{\"status\":\"", "x"),
            "lines" => (Plain, "{\"status\":\"pulling\",\"digest\":\"sha256:1\",\"total\":1000,\"completed\":1}\n"),
            "head" => ("HTTP/1.1 200 OK\r\n", "X-A: yyyyyyyyyyyyyyyy\r\n"),
            "head-line" => ("HTTP/1.1 200 OK\r\nX-A: ", "y"),
            "interim" => ("", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"),
            "events" => (
                Plain.Replace("application/json", "text/event-stream", StringComparison.Ordinal),
                "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n"
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    private void Accept()
    {
        try
        {
            while (true)
            {
                Socket client = _listener.Accept();
                new Thread(() => Serve(client)) { IsBackground = true }.Start();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket client)
    {
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (true)
            {
                int length = 0;
                do
                {
                    int count = client.Receive(buffer.AsSpan(length));
                    if (count == 0)
                        return;
                    length += count;
                } while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8) && !buffer.AsSpan(0, length).EndsWith("}"u8));
                if (
                    Encoding
                        .ASCII.GetString(buffer, 0, length)
                        .Split(' ')[1]
                        .StartsWith(_path, StringComparison.Ordinal)
                )
                    break;
                client.Send("HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{\"version\":\"0.12.0\",\"models\":[]}"u8);
            }
            client.Send(Encoding.ASCII.GetBytes(_begin));
            while (Sent < BytesMax)
                Interlocked.Add(ref _sent, client.Send(_again));
        }
        catch (SocketException)
        {
            // The client has disconnected.
        }
        finally
        {
            client.Dispose();
        }
    }
}
