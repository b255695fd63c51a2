using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>Understands what a client has sent of a request: the head, the decision on it, and the content at hand.</summary>
internal static class Intake
{
    /// <param name="exchange">What is known of the request; what is found goes into it.</param>
    /// <param name="bytes">All that is in the client's buffer.</param>
    /// <param name="ended">The client sends no more.</param>
    /// <param name="late">The time for a head is over.</param>
    /// <param name="policy">The listener's policy of this moment.</param>
    /// <param name="headBytesMax">The largest head that is taken.</param>
    public static HeadStep Scan(
        Exchange exchange, ReadOnlySpan<byte> bytes, bool ended, bool late, GatePolicy policy, int headBytesMax)
    {
        ScanResult found = RequestHeadScanner.Scan(bytes, ref exchange.Head, headBytesMax);
        if (found == ScanResult.Partial && !ended && !late) return HeadStep.Partial;
        exchange.Name(bytes);
        exchange.BytesUp = bytes.Length;
        if (found == ScanResult.Complete) return Judge(exchange, bytes, policy);
        if (found == ScanResult.Invalid) return Refuse(exchange, policy, JudgementKind.Fault, CloseReason.GateHeadFault);
        if (late) return Refuse(exchange, policy, JudgementKind.Late, CloseReason.GateHeadTimeout);
        // The end came in the middle of a head: nothing that could be answered.
        exchange.CloseFor(CloseReason.ClientHead);
        return HeadStep.End;
    }

    private static HeadStep Judge(Exchange exchange, ReadOnlySpan<byte> bytes, GatePolicy policy)
    {
        // Content at hand is looked at before anything is sent: a fault in it then never reaches the upstream.
        exchange.Content = ContentScanner.For(in exchange.Head);
        ScanResult found = exchange.Content.Take(bytes[exchange.Head.HeadLength..], out int taken);
        exchange.ContentAtHand = taken;
        exchange.BytesUp = exchange.Head.HeadLength + taken;
        exchange.IsWhole = exchange.Content.Done;
        exchange.Judge(policy, FastGate.Proxy.Gate.Judge.Of(policy, in exchange.Head, bytes));
        if (exchange.Judgement.Kind == JudgementKind.Host) exchange.KeepHost(HostGrammar.NameOf(exchange.Head.Host(bytes)));
        // Behind the decision on the path, whose refusal says more: the content of a refused request goes nowhere anyway.
        if (exchange.Judgement.Kind == JudgementKind.Allowed && IsContentUnexpected(exchange, policy))
        {
            exchange.Head.Fault = HeadFault.ContentUnexpected;
            return Refuse(exchange, policy, JudgementKind.Fault, CloseReason.GateHeadFault);
        }
        if (found == ScanResult.Invalid) exchange.CloseFor(CloseReason.GateContentFault);
        bool goesUp = exchange.Judgement.Kind == JudgementKind.Allowed && found != ScanResult.Invalid;
        return goesUp ? HeadStep.Forward : HeadStep.Refuse;
    }

    private static bool IsContentUnexpected(Exchange exchange, GatePolicy policy) =>
        exchange.Head.HasContent && !policy.AllowsContentOnGet && !ContentMethods.Include(exchange.Method);

    private static HeadStep Refuse(Exchange exchange, GatePolicy policy, JudgementKind kind, CloseReason reason)
    {
        exchange.Judge(policy, new Judgement(kind));
        exchange.CloseFor(reason);
        return HeadStep.Refuse;
    }
}
