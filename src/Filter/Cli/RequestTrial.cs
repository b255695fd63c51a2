using System.Buffers;
using System.Text;
using FastGate.Config;
using FastGate.Gate;
using FastGate.Wire;

namespace FastGate.Cli;

/// <summary>One request put before one listener, by the gate's own code and without a socket.</summary>
/// <param name="Judgement">What becomes of it.</param>
/// <param name="Word">The same in the words of the access log.</param>
/// <param name="Reply">The whole response that a refused client would see; empty when it sees none.</param>
internal sealed record RequestTrial(Judgement Judgement, string Word, string Reply)
{
    public bool Allowed => Judgement.Kind == JudgementKind.Allowed;

    public static RequestTrial Of(GatePlan plan, PlannedListener listener, byte[] head)
    {
        Exchange exchange = new();
        ScanResult found = RequestHeadScanner.Scan(head, ref exchange.Head, plan.Limits.HeadBytesMax);
        exchange.Name(head);
        GatePolicy policy = listener.Options.Policy;
        exchange.Judge(policy, found == ScanResult.Complete ? Judge.Of(policy, in exchange.Head, head) : new Judgement(JudgementKind.Fault));
        ArrayBufferWriter<byte> reply = new();
        if (exchange.Judgement.Kind != JudgementKind.Allowed)
            Replies.Write(reply, exchange, head, Encoding.ASCII.GetBytes(plan.Upstream.ToString()), exchange.Head.Close || found != ScanResult.Complete);
        return new RequestTrial(exchange.Judgement, Encoding.ASCII.GetString(Replies.WordOf(exchange)), Encoding.UTF8.GetString(reply.WrittenSpan));
    }
}
