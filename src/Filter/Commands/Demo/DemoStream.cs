using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Proxy.Wire;

namespace FastGate.Commands.Demo;

/// <summary>A token stream as received by its client.</summary>
internal sealed class DemoStream
{
    // More than the stand-in's stream has.
    private const int EventsMax = 256;

    private long _lastEventAt;

    private DemoStream() { }

    public int Status { get; private set; }

    public int Events { get; private set; }

    /// <summary>Number of reads that returned content: at least one per event, unless events were batched.</summary>
    public int Reads { get; private set; }

    /// <summary>The longest time between two events, in nanoseconds.</summary>
    public long LargestGap { get; private set; }

    /// <summary>Time from sending to arrival, for each event.</summary>
    public LatencySample Delays { get; } = new(EventsMax);

    /// <summary>Requests a stream and receives it to its end.</summary>
    /// <param name="client">An idle connection.</param>
    /// <param name="request">Request for an OpenAI-style stream.</param>
    /// <param name="show">Called with each token on arrival.</param>
    /// <param name="cancellationToken">Takes effect at the next token.</param>
    /// <exception cref="IOException">The stream ended early or is malformed.</exception>
    public static DemoStream Receive(
        DemoClient client,
        byte[] request,
        Action<string> show,
        CancellationToken cancellationToken
    )
    {
        DemoStream stream = new();
        client.Begin(request);
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
            while (DemoEvent.TryRead(client.Received[read..], out int length) is { } streamEvent)
            {
                read += length;
                Count(streamEvent, now);
                show(streamEvent.Token);
            }
            if (content.Done)
                return;
            cancellationToken.ThrowIfCancellationRequested();
            client.ReceiveMore();
        }
    }

    private void Count(DemoEvent streamEvent, long now)
    {
        if (Events++ > 0)
            LargestGap = Math.Max(LargestGap, now - _lastEventAt);
        _lastEventAt = now;
        if (streamEvent.SentAt is { } sentAt)
            Delays.Add(now - sentAt);
    }

    private static void Require(ScanResult found)
    {
        if (found == ScanResult.Invalid)
            throw new IOException("The stream is malformed.");
    }
}

/// <summary>One event of an OpenAI-style stream.</summary>
/// <param name="Token">The text in it; empty at the end.</param>
/// <param name="SentAt">When the stand-in sent it, on <see cref="DemoClock"/>; null for <c>[DONE]</c>.</param>
internal readonly record struct DemoEvent(string Token, long? SentAt)
{
    private const string Prefix = "data: ";

    /// <summary>Reads the first whole event from bytes that still contain the chunked framing.</summary>
    /// <param name="bytes">The bytes received after the previous event.</param>
    /// <param name="length">Number of bytes up to the end of this event.</param>
    /// <returns>Null while no event is complete.</returns>
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
