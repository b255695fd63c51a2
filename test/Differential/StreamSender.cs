using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>Sends streams as their clients would, and reads each connection to its end.</summary>
internal static class StreamSender
{
    // Only a stream that leaves a server waiting for more takes this long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    // Pieces sent this far apart mostly arrive separately. This delay is part of the input, not a wait for an event.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(1);

    // A response normally arrives within this time; if it is late, the client continues to send.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(25);

    private const int CutsApartMax = 5;

    /// <summary>Sends a stream, and disconnects when no more response bytes arrive.</summary>
    public static async Task SendAndGoAsync(IPEndPoint entrance, StreamCase stream)
    {
        using var connection = await RawConnection.ConnectAsync(entrance);
        try
        {
            await SendPiecesAsync(connection, stream);
            await ReceiveAsync(connection, SentStream.TailMark(stream), tailIsRequired: false);
        }
        catch (SocketException)
        {
            // Refused by a reset, which also ends the connection.
        }
    }

    /// <summary>Sends a stream, and waits until the peer has closed.</summary>
    public static async Task<SentStream> SendAsync(IPEndPoint entrance, StreamCase stream)
    {
        var expected = Expectation.Of(stream.Text);
        using var connection = await RawConnection.ConnectAsync(entrance);
        bool hung = false;
        try
        {
            await SendPiecesAsync(connection, stream);
            await ReceiveAsync(connection, SentStream.TailMark(stream), expected.TailIsRequired);
            connection.FinishSending();
            while (await connection.ReceiveAsync()) { }
        }
        catch (SocketException)
        {
            // A server that refuses may reset the connection, which also ends it.
        }
        catch (TimeoutException)
        {
            hung = true;
        }
        return new SentStream(stream, expected, Encoding.Latin1.GetString(connection.Held.Span), hung);
    }

    private static async Task SendPiecesAsync(RawConnection connection, StreamCase stream)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream.Text);
        int at = 0;
        foreach (int cut in stream.Cuts)
        {
            await connection.SendAsync(bytes.AsMemory(at..cut));
            at = cut;
            if (stream.WaitsForResponses)
                await ReceiveOnceAsync(connection);
            else if (stream.Cuts.Count <= CutsApartMax)
                await Task.Delay(Apart);
        }
        await connection.SendAsync(bytes.AsMemory(at));
    }

    private static async Task ReceiveOnceAsync(RawConnection connection)
    {
        using var quiet = new CancellationTokenSource(Patience);
        try
        {
            await connection.ReceiveAsync(quiet.Token);
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested)
        {
            // No response yet: the server expects more bytes, or is slow.
        }
    }

    /// <summary>
    /// Receives until the last response or the end; if neither is required, until nothing arrives for a while.
    /// </summary>
    private static async Task ReceiveAsync(RawConnection connection, byte[] tailMark, bool tailIsRequired)
    {
        using var quiet = new CancellationTokenSource();
        try
        {
            while (connection.Held.Span.IndexOf(tailMark) < 0)
            {
                if (!tailIsRequired)
                    quiet.CancelAfter(Quiet);
                if (!await connection.ReceiveAsync(quiet.Token))
                    return;
            }
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested)
        {
            // The server waits for bytes that never arrive.
        }
    }
}
