using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Proxy.Wire;

namespace FastGate.Commands.Demo;

/// <summary>A token stream as its client saw it come.</summary>
internal sealed class DemoStream
{
    // Of the stand-in's stream, with room.
    private const int EventsMax = 256;

    private long _lastEventAt;

    private DemoStream() { }

    public int Status { get; private set; }

    public int Events { get; private set; }

    /// <summary>How often content came in: as often as there are events, unless somebody held one back.</summary>
    public int Reads { get; private set; }

    /// <summary>The longest time between two events, in nanoseconds.</summary>
    public long LargestGap { get; private set; }

    /// <summary>From the sending of each event to its arrival.</summary>
    public LatencySample Delays { get; } = new(EventsMax);

    /// <summary>Asks for a stream and receives it to the end.</summary>
    /// <param name="client">A connection on which nothing is under way.</param>
    /// <param name="request">Asks for an OpenAI-style stream.</param>
    /// <param name="show">Gets each token when it has come.</param>
    /// <param name="cancellationToken">Ends the waiting with the next token.</param>
    /// <exception cref="IOException">The stream ended before its time.</exception>
    public static DemoStream Receive(
        DemoClient client,
        byte[] request,
        Action<string> show,
        CancellationToken cancellationToken
    )
    {
        DemoStream stream = new();
        client.Send(request);
        ResponseHead head = default;
        while (head.HeadLength == 0)
            Require(ResponseHeadScanner.Scan(client.ReceiveMore(), ref head));

        stream.Status = head.Status;
        stream.ReceiveContent(client, in head, show, cancellationToken);
        return stream;
    }

    private void ReceiveContent(
        DemoClient client,
        in ResponseHead head,
        Action<string> show,
        CancellationToken cancellationToken
    )
    {
        ContentScanner content = ContentScanner.For(in head, headRequest: false);
        int scanned = head.HeadLength;
        int read = head.HeadLength;
        while (true)
        {
            long now = DemoClock.Now;
            if (client.Received.Length > scanned)
                Reads++;
            Require(content.Take(client.Received.Span[scanned..], out int taken));
            scanned += taken;
            while (DemoEvent.TryRead(client.Received[read..], out int length) is { } told)
            {
                read += length;
                Count(told, now);
                show(told.Token);
            }
            if (content.Done)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            client.ReceiveMore();
        }
    }

    private void Count(DemoEvent told, long now)
    {
        if (Events++ > 0)
            LargestGap = Math.Max(LargestGap, now - _lastEventAt);
        _lastEventAt = now;
        if (told.SentAt is { } sentAt)
            Delays.Add(now - sentAt);
    }

    private static void Require(ScanResult found)
    {
        if (found == ScanResult.Invalid)
            throw new IOException("The stream was malformed.");
    }
}

/// <summary>One event of an OpenAI-style stream.</summary>
/// <param name="Token">The text in it; empty at the end.</param>
/// <param name="SentAt">When the stand-in sent it, on <see cref="DemoClock"/>; null for <c>[DONE]</c>.</param>
internal readonly record struct DemoEvent(string Token, long? SentAt)
{
    private const string Prefix = "data: ";

    /// <summary>The first whole event in bytes that also have the framing of chunks between events.</summary>
    /// <param name="bytes">What has come in behind the event before.</param>
    /// <param name="length">Up to the end of this event.</param>
    /// <returns>Null when there is none yet.</returns>
    public static DemoEvent? TryRead(ReadOnlyMemory<byte> bytes, out int length)
    {
        int start = bytes.Span.IndexOf("data: "u8);
        int end = start < 0 ? -1 : bytes.Span[start..].IndexOf("\n\n"u8);
        length = end < 0 ? 0 : start + end + 2;
        return end < 0 ? null : Parse(bytes.Slice(start + Prefix.Length, end - Prefix.Length));
    }

    private static DemoEvent Parse(ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual("[DONE]"u8))
            return new DemoEvent("", null);
        using JsonDocument document = JsonDocument.Parse(data);
        JsonElement delta = document.RootElement.GetProperty("choices")[0].GetProperty("delta");
        string token = delta.TryGetProperty("content", out JsonElement content) ? content.GetString() ?? "" : "";
        return new DemoEvent(token, document.RootElement.GetProperty("sent_ns").GetInt64());
    }
}
