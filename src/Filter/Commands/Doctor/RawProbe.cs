using System.Diagnostics;
using System.Globalization;
using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Doctor;

/// <summary>Sends bytes as they are, which no HTTP library would, and reads until the other side has ended. Any
/// thread.</summary>
internal static class RawProbe
{
    private const int ContentBytesMax = 256 * 1024;
    private static readonly TimeSpan ConnectLongest = TimeSpan.FromSeconds(3);

    // A refusal comes in a millisecond; whoever keeps the connection open though asked to close it is cut off.
    private static readonly TimeSpan AnswerLongest = TimeSpan.FromSeconds(5);

    /// <param name="door">Whom.</param>
    /// <param name="bytes">Every byte of it, as Latin-1.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The last answer that came, with all that came as its content.</returns>
    public static async Task<ProbeResponse> SendAsync(
        DoctorTarget door,
        string bytes,
        CancellationToken cancellationToken
    )
    {
        long start = Stopwatch.GetTimestamp();
        DialResult dialled = await Dial.ConnectAsync(door.EndPoint, ConnectLongest, cancellationToken);
        if (dialled.Stream is not { } stream)
            return new ProbeResponse { Problem = dialled.Reason, Took = Stopwatch.GetElapsedTime(start) };
        await using (stream)
        {
            StringBuilder heard = new();
            string problem = await ReadAsync(stream, bytes, heard, cancellationToken);
            return Read(heard.ToString(), problem, Stopwatch.GetElapsedTime(start));
        }
    }

    private static async Task<string> ReadAsync(
        Stream stream,
        string bytes,
        StringBuilder heard,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(AnswerLongest);
        byte[] buffer = new byte[16 * 1024];
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes), late.Token);
            while (heard.Length < ContentBytesMax && await stream.ReadAsync(buffer, late.Token) is var count and > 0)
                heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
            return heard.Length < ContentBytesMax ? "closed without an answer" : BoundedHttp.TooLong;
        }
        catch (IOException broken)
        {
            // A reset: what came before it counts.
            return broken.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer to the request";
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
                Problem = text.Length == 0 ? problem : $"no HTTP: {Texts.OneLine(text, 60)}",
                Took = took,
            };
        int end = text.IndexOf("\r\n\r\n", last, StringComparison.Ordinal);
        return new ProbeResponse
        {
            Status = status,
            Answers = text.Split("HTTP/1.").Length - 1,
            Content = end < 0 ? "" : text[(end + 4)..],
            Took = took,
        };
    }
}
