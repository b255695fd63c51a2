using System.Net;
using System.Text;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Admin;

/// <summary>One connection that asks for numbers: a head, a reply, the end. Throws nothing.</summary>
/// <param name="take">Takes the numbers.</param>
/// <param name="limits">Of bytes and time.</param>
/// <param name="time">The clock of the limits.</param>
/// <param name="isPort">Asked over TCP, which a web page can do as well.</param>
/// <param name="log">The operational log.</param>
internal sealed partial class AdminSession(
    Func<GateSnapshot> take,
    AdminLimits limits,
    TimeProvider time,
    bool isPort,
    ILogger log
)
{
    private bool _failed;

    public async Task RunAsync(AsyncConnection connection, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(limits.Longest, time);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            limit.Token
        );
        try
        {
            byte[] room = new byte[limits.HeadBytesMax];
            if (await ReadAsync(connection, room, late.Token) is not { } reply)
                return;
            if (!await connection.SendAsync(reply, late.Token))
                return;
            // What the client still sends is taken, so that no reset overtakes the reply.
            connection.FinishSending();
            while (await connection.ReceiveAsync(room, late.Token) > 0)
                ;
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Numbers are a comfort: whatever is wrong with them ends this connection, and is told once.
            if (!Interlocked.Exchange(ref _failed, true))
                Log.Unexpected(log, fault);
        }
    }

    /// <returns>The reply; null when the client has gone, or took too long.</returns>
    private async ValueTask<byte[]?> ReadAsync(AsyncConnection connection, byte[] room, CancellationToken late)
    {
        RequestHead head = default;
        int length = 0;
        ScanResult found;
        do
        {
            int count = await connection.ReceiveAsync(room.AsMemory(length), late);
            if (count == 0)
                return null;
            length += count;
            found = RequestHeadScanner.Scan(room.AsSpan(0, length), ref head, room.Length);
        } while (found == ScanResult.Partial);
        return ReplyTo(in head, room.AsSpan(0, length));
    }

    private byte[] ReplyTo(in RequestHead head, ReadOnlySpan<byte> bytes)
    {
        if (head.Fault != HeadFault.None)
            return AdminReply.Problem(HeadFaultTexts.Of(head.Fault).Status, HeadFaultTexts.Of(head.Fault).Sentence);
        bool isHead = head.Method(bytes).SequenceEqual("HEAD"u8);
        if (isPort && !LoopbackHost.Is(head.Host(bytes)))
            return AdminReply.Problem(
                403,
                "this is for programs of this machine: ask for 127.0.0.1 or localhost",
                isHead
            );
        ReadOnlySpan<byte> path = head.Path(bytes);
        bool isText = path.SequenceEqual("/metrics"u8);
        if (!isText && !path.SequenceEqual("/status.json"u8))
            return AdminReply.Problem(404, "here are /metrics and /status.json, and nothing else", isHead);
        if (!isHead && !head.Method(bytes).SequenceEqual("GET"u8))
            return AdminReply.Problem(405, "only GET and HEAD are answered");
        return isText
            ? AdminReply.Of(PrometheusText.Write(take()), PrometheusText.ContentType, isHead)
            : AdminReply.Of(SnapshotJson.Write(take()), "application/json", isHead);
    }

    private static partial class Log
    {
        [LoggerMessage(
            350,
            LogLevel.Error,
            "An unexpected fault in telling numbers; the gate itself goes on, and it is not told again."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}

/// <summary>
/// Whether a <c>Host</c> names this machine by loopback. Any other name could be one that a web page's owner points at
/// 127.0.0.1, so that the page may read what is told there (DNS rebinding).
/// </summary>
internal static class LoopbackHost
{
    /// <param name="host">The value of the field, which is well-formed; empty when there is none.</param>
    public static bool Is(ReadOnlySpan<byte> host)
    {
        string text = Encoding.ASCII.GetString(host);
        int colon = text.LastIndexOf(':');
        string name = colon > text.LastIndexOf(']') ? text[..colon] : text;
        if (name.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            return true;
        bool bracketed = name is ['[', .., ']'];
        return IPAddress.TryParse(bracketed ? name.AsSpan(1..^1) : name, out IPAddress? address)
            && IPAddress.IsLoopback(address)
            // IPAddress reads "1" and "0x7f000001" as addresses: only what is written as one is meant.
            && (bracketed || name.StartsWith("127.", StringComparison.Ordinal));
    }
}
