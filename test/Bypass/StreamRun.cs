using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>Sends one stream as its client would, and follows the connection to its end.</summary>
internal static class StreamRun
{
    /// <summary>
    /// Behind each stream: when this is answered, all before it has been, and the connection is still good.
    /// </summary>
    private const string Tail = "GET /api/version?the-end HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static readonly byte[] TailAnswered = "X-Query: the-end"u8.ToArray();

    // Long enough for two programs on one loopback to answer; only streams that leave a server waiting take so long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns all that was answered, when the other side has closed.</summary>
    public static async Task<byte[]> SendAsync(IPEndPoint entrance, IReadOnlyList<string> parts, Pieces pieces)
    {
        using var connection = await RawConnection.ConnectAsync(entrance);
        try
        {
            for (int part = 0; part < parts.Count; part++)
            {
                bool last = part == parts.Count - 1;
                await SendAsync(connection, Encoding.Latin1.GetBytes(last ? parts[part] + Tail : parts[part]), pieces);
                int before = connection.Held.Length;
                await ReceiveUntilAsync(connection, last ? TailWasAnswered : () => connection.Held.Length > before);
            }
            connection.FinishSending();
            return await connection.ReadToEndAsync();
        }
        catch (SocketException)
        {
            // A server that refuses may reset: it has ended the connection, which is an end like any other.
            return connection.Held.ToArray();
        }

        bool TailWasAnswered() => connection.Held.Span.IndexOf(TailAnswered) >= 0;
    }

    /// <summary>Whether the answers go on to that of the request behind the stream.</summary>
    public static bool TailArrived(byte[] answers) => answers.AsSpan().IndexOf(TailAnswered) >= 0;

    private static async Task SendAsync(RawConnection connection, byte[] bytes, Pieces pieces)
    {
        int step = pieces == Pieces.Whole || bytes.Length > 4096 ? bytes.Length : 1;
        for (int at = 0; at < bytes.Length; at += step) await connection.SendAsync(bytes.AsMemory(at, step));
    }

    private static async Task ReceiveUntilAsync(RawConnection connection, Func<bool> enough)
    {
        using var quiet = new CancellationTokenSource();
        try
        {
            while (!enough())
            {
                quiet.CancelAfter(Quiet);
                if (!await connection.ReceiveAsync(quiet.Token)) return;
            }
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested)
        {
            // The server waits for more, which never comes.
        }
    }
}
