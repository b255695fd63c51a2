using System.Buffers;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Transport;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>Writes the gate's own response to an exchange, and names its verdict for the access log.</summary>
internal static class Replies
{
    /// <summary>Writes the response without flushing it, and records it in the exchange.</summary>
    /// <param name="client">The client's side.</param>
    /// <param name="exchange">A decided exchange of whose response nothing has been passed.</param>
    /// <param name="head">The bytes of the head that have arrived.</param>
    /// <param name="upstream">The address of Ollama, as text.</param>
    /// <param name="close">Whether the connection ends with this reply.</param>
    public static void Write(
        SocketPipe client,
        Exchange exchange,
        ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> upstream,
        bool close
    )
    {
        // Earlier refusals may be waiting for the same send.
        long before = client.Output.UnflushedBytes;
        exchange.Status = WriteTo(client.Output, exchange, head, upstream, close);
        exchange.BytesDown += client.Output.UnflushedBytes - before;
        exchange.FirstByte = client.Loop.Time.GetTimestamp();
        exchange.Charge(client.Loop.Now, exchange.FirstByte);
    }

    /// <summary>The word of the verdict in the access log.</summary>
    public static ReadOnlySpan<byte> WordOf(Exchange exchange) =>
        exchange.Verdict.Kind switch
        {
            VerdictKind.Allowed => "allowed"u8,
            VerdictKind.Path => "refused-path"u8,
            VerdictKind.Method => "refused-method"u8,
            VerdictKind.Upgrade => "refused-upgrade"u8,
            VerdictKind.Host => "refused-host"u8,
            VerdictKind.Unavailable => "unavailable"u8,
            VerdictKind.Overloaded => "overloaded"u8,
            VerdictKind.Timeout => "head-timeout"u8,
            VerdictKind.Fault => HeadFaultTexts.Of(exchange.Head.Fault).LogWord,
            _ => "head-incomplete"u8,
        };

    /// <summary>Writes the same response anywhere, for <c>fastgate check</c>.</summary>
    /// <returns>The status code; 0 when nothing was written.</returns>
    public static int WriteTo(
        IBufferWriter<byte> to,
        Exchange exchange,
        ReadOnlySpan<byte> head,
        ReadOnlySpan<byte> upstream,
        bool close
    )
    {
        switch (exchange.Verdict.Kind)
        {
            case VerdictKind.Fault:
                ReplyWriter.WriteFault(
                    to,
                    exchange.Head.Fault,
                    exchange.Head.HeadBytesMax,
                    exchange.Path,
                    exchange.Method.SequenceEqual("HEAD"u8)
                );
                return HeadFaultTexts.Of(exchange.Head.Fault).Status;
            case VerdictKind.Timeout:
                ReplyWriter.WriteTimeout(to);
                return 408;
            case VerdictKind.Upgrade:
                ReplyWriter.WriteUpgrade(to, exchange.Method, exchange.Path, close);
                return 426;
            case VerdictKind.Host:
                ReplyWriter.WriteHost(to, exchange.Method, exchange.Path, exchange.Head.Host(head), close);
                return 403;
            case VerdictKind.Unavailable:
                ReplyWriter.WriteUnavailable(to, exchange.Method, exchange.Path, upstream, close);
                return 503;
            case VerdictKind.Overloaded:
                ReplyWriter.WriteShortage(to, exchange.Method, exchange.Path, close);
                return 503;
            case VerdictKind.Allowed:
                return WriteFailure(to, exchange, upstream, close);
            default:
                WritePolicy(to, exchange, close);
                return 403;
        }
    }

    private static void WritePolicy(IBufferWriter<byte> to, Exchange exchange, bool close)
    {
        Span<byte> cure = stackalloc byte[Cures.BytesMax];
        cure = cure[..Cures.Write(cure, exchange.Policy!.Rules, exchange.Method, exchange.Path)];
        ReplyWriter.WritePolicy(to, exchange.Method, exchange.Path, cure, close);
    }

    private static int WriteFailure(IBufferWriter<byte> to, Exchange exchange, ReadOnlySpan<byte> upstream, bool close)
    {
        switch (exchange.CloseReason)
        {
            case CloseReason.GateContentFault:
                // Both sides are closed without a reply: half a message cannot be answered.
                return 0;
            case CloseReason.GateContentTimeout:
                ReplyWriter.WriteTimeout(to);
                return 408;
            default:
                ReplyWriter.WriteBadResponse(to, exchange.Method, exchange.Path, upstream, close);
                return 502;
        }
    }
}
