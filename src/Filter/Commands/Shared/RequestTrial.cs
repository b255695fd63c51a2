using System.Buffers;
using System.Text;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Commands.Shared;

/// <summary>The outcome of one request at one listener, computed by the gate's own code without a socket.</summary>
/// <param name="Verdict">The gate's decision.</param>
/// <param name="Word">The verdict as the access log writes it.</param>
/// <param name="Reply">The whole response that a refused client would see; empty when it sees none.</param>
internal sealed record RequestTrial(Verdict Verdict, string Word, string Reply)
{
    public bool Allowed => Verdict.Kind == VerdictKind.Allowed;

    public static RequestTrial Of(GatePlan plan, PlannedListener listener, byte[] head)
    {
        Exchange exchange = new();
        HeadAction action = RequestReader.Scan(
            exchange,
            head,
            ended: true,
            timedOut: false,
            listener.Options.Policy,
            plan.Limits.HeadBytesMax
        );
        ArrayBufferWriter<byte> reply = new();
        bool close = exchange.Head.EndsConnection || exchange.Verdict.Kind == VerdictKind.Fault;
        if (action == HeadAction.Refuse)
            Replies.WriteTo(reply, exchange, head, Encoding.ASCII.GetBytes(plan.Upstream.ToString()), close);
        return new RequestTrial(
            exchange.Verdict,
            Encoding.ASCII.GetString(Replies.WordOf(exchange)),
            Encoding.UTF8.GetString(reply.WrittenSpan)
        );
    }
}
