using System.Buffers;
using System.Text;
using FastGate.Config;
using FastGate.Proxy.Gate;

namespace FastGate.Commands.Check;

/// <summary>One request put before one listener, by the gate's own code and without a socket.</summary>
/// <param name="Judgement">What becomes of it.</param>
/// <param name="Word">The same in the words of the access log.</param>
/// <param name="Reply">The whole response that a refused client would see; empty when it sees none.</param>
internal sealed record RequestTrial(Verdict Judgement, string Word, string Reply)
{
    public bool Allowed => Judgement.Kind == VerdictKind.Allowed;

    public static RequestTrial Of(GatePlan plan, PlannedListener listener, byte[] head)
    {
        Exchange exchange = new();
        HeadAction step = RequestReader.Scan(
            exchange,
            head,
            ended: true,
            late: false,
            listener.Options.Policy,
            plan.Limits.HeadBytesMax
        );
        ArrayBufferWriter<byte> reply = new();
        bool close = exchange.Head.EndsConnection || exchange.Verdict.Kind == VerdictKind.Fault;
        if (step == HeadAction.Refuse)
            Replies.WriteTo(reply, exchange, head, Encoding.ASCII.GetBytes(plan.Upstream.ToString()), close);
        return new RequestTrial(
            exchange.Verdict,
            Encoding.ASCII.GetString(Replies.WordOf(exchange)),
            Encoding.UTF8.GetString(reply.WrittenSpan)
        );
    }
}
