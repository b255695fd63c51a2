using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Bypass;

/// <summary>Sends one stream as its client would, and reads the connection to its end.</summary>
internal static class StreamRun
{
    /// <summary>
    /// The tail request after each stream: its response shows that everything before it was handled and the connection
    /// is still usable.
    /// </summary>
    private const string Tail = $"GET {TailTarget} HTTP/1.1\r\nHost: localhost\r\n\r\n";

    public const string TailTarget = "/api/version?the-end";

    private static readonly byte[] TailResponse = "X-Query: the-end"u8.ToArray();

    // Long enough for two programs on loopback to respond; only streams that leave a server waiting take this long.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    // The response between two parts determines what happens to the next part, so a busy machine must have time to send
    // it.
    private static readonly TimeSpan QuietBetweenParts = TimeSpan.FromMilliseconds(500);

    // Pieces sent this far apart mostly arrive separately. This delay is part of the input, not a wait for an event.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(1);

    /// <summary>Returns all response bytes once the peer has closed.</summary>
    /// <param name="entrance">Where to connect.</param>
    /// <param name="parts">The client waits for a response between two parts.</param>
    /// <param name="pieces">How each part is passed to the socket.</param>
    /// <param name="cut">The offset in all parts together, for <see cref="Pieces.Cut"/>.</param>
    public static async Task<byte[]> SendAsync(
        IPEndPoint entrance,
        IReadOnlyList<string> parts,
        Pieces pieces,
        int cut = 0
    )
    {
        using var connection = await RawConnection.ConnectAsync(entrance);
        try
        {
            for (int part = 0; part < parts.Count; part++)
            {
                bool last = part == parts.Count - 1;
                await SendAsync(
                    connection,
                    Encoding.Latin1.GetBytes(last ? parts[part] + Tail : parts[part]),
                    pieces,
                    cut
                );
                cut -= parts[part].Length;
                int before = connection.Held.Length;
                if (last)
                    await ReceiveUntilAsync(connection, TailHasResponse, Quiet);
                else
                    await ReceiveUntilAsync(connection, () => connection.Held.Length > before, QuietBetweenParts);
            }
            connection.FinishSending();
            return await connection.ReadToEndAsync();
        }
        catch (SocketException)
        {
            // A server that refuses may reset the connection, which also ends it.
            return connection.Held.ToArray();
        }

        bool TailHasResponse() => connection.Held.Span.IndexOf(TailResponse) >= 0;
    }

    /// <summary>Whether the responses include the one to the tail request.</summary>
    public static bool TailArrived(byte[] responses) => responses.AsSpan().IndexOf(TailResponse) >= 0;

    private static async Task SendAsync(RawConnection connection, byte[] bytes, Pieces pieces, int cut)
    {
        if (pieces == Pieces.Cut && cut > 0 && cut < bytes.Length)
        {
            await connection.SendAsync(bytes.AsMemory(..cut));
            await Task.Delay(Apart);
            bytes = bytes[cut..];
        }
        int step = pieces != Pieces.ByteByByte || bytes.Length > 4096 ? bytes.Length : 1;
        for (int at = 0; at < bytes.Length; at += step)
            await connection.SendAsync(bytes.AsMemory(at, step));
    }

    private static async Task ReceiveUntilAsync(RawConnection connection, Func<bool> enough, TimeSpan quiet)
    {
        using var late = new CancellationTokenSource();
        try
        {
            while (!enough())
            {
                late.CancelAfter(quiet);
                if (!await connection.ReceiveAsync(late.Token))
                    return;
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // The server waits for bytes that never arrive.
        }
    }
}
