using System.Diagnostics;
using System.Globalization;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Host;

/// <summary>Sends bytes unchanged, which no HTTP library does, and reads until the other side closes the connection.
/// Any thread.</summary>
internal static class RawProbe
{
    private const int ContentBytesMax = 256 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    // A refusal arrives within a millisecond. A server that ignores "Connection: close" is disconnected.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="IProbe.SendRawAsync"/>
    public static async Task<ProbeResponse> SendAsync(
        ProbeTarget target,
        string bytes,
        ConnectionNotice? connected,
        CancellationToken cancellationToken
    )
    {
        long start = Stopwatch.GetTimestamp();
        DialResult dialed = await Dial.ConnectAsync(target.EndPoint, ConnectTimeout, cancellationToken);
        if (dialed.Stream is not { } stream)
            return new ProbeResponse { Problem = dialed.Reason, Took = Stopwatch.GetElapsedTime(start) };
        await using (stream)
        {
            await dialed.NotifyAsync(connected, cancellationToken);
            StringBuilder received = new();
            string problem = await ReadAsync(stream, bytes, received, cancellationToken);
            return Read(received.ToString(), problem, Stopwatch.GetElapsedTime(start));
        }
    }

    private static async Task<string> ReadAsync(
        Stream stream,
        string bytes,
        StringBuilder received,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ResponseTimeout);
        byte[] buffer = new byte[16 * 1024];
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), timeout.Token);
            while (
                received.Length < ContentBytesMax && await stream.ReadAsync(buffer, timeout.Token) is var count and > 0
            )
                received.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return received.Length < ContentBytesMax ? "closed the connection without a response" : BoundedHttp.TooLong;
        }
        catch (IOException exception)
        {
            // A reset: what came before it counts.
            return exception.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no response to the request";
        }
    }

    private static ProbeResponse Read(string text, string problem, TimeSpan took)
    {
        int last = text.LastIndexOf("HTTP/1.", StringComparison.Ordinal);
        if (
            last < 0
            || text.Length < last + 12
            || !int.TryParse(text.AsSpan(last + 9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int status)
        )
            return new ProbeResponse
            {
                Problem = text.Length == 0 ? problem : $"not HTTP: {ResponseText.OneLine(text, 60)}",
                Took = took,
            };
        int end = text.IndexOf("\r\n\r\n", last, StringComparison.Ordinal);
        return new ProbeResponse
        {
            Status = status,
            Responses = text.Split("HTTP/1.").Length - 1,
            Content = end < 0 ? "" : text[(end + 4)..],
            Took = took,
        };
    }
}
