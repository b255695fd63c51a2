using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>Understands what a client has sent of a request: the head, the decision on it, and the content at
/// hand.</summary>
internal static class RequestReader
{
    /// <param name="exchange">What is known of the request; what is found goes into it.</param>
    /// <param name="bytes">All that is in the client's buffer.</param>
    /// <param name="ended">The client sends no more.</param>
    /// <param name="late">The time for a head is over.</param>
    /// <param name="policy">The listener's policy of this moment.</param>
    /// <param name="headBytesMax">The largest head that is taken.</param>
    public static HeadAction Scan(
        Exchange exchange,
        ReadOnlySpan<byte> bytes,
        bool ended,
        bool late,
        GatePolicy policy,
        int headBytesMax
    )
    {
        ScanResult found = RequestHeadScanner.Scan(bytes, ref exchange.Head, headBytesMax);
        if (found == ScanResult.Partial && !ended && !late)
            return HeadAction.Partial;
        exchange.Name(bytes);
        exchange.BytesUp = bytes.Length;
        if (found == ScanResult.Complete)
            return Authorize(exchange, bytes, policy);
        if (found == ScanResult.Invalid)
            return Refuse(exchange, policy, VerdictKind.Fault, CloseReason.GateHeadFault);
        if (late)
            return Refuse(exchange, policy, VerdictKind.Late, CloseReason.GateHeadTimeout);
        // The end came in the middle of a head: nothing that could be answered.
        exchange.CloseFor(CloseReason.ClientHead);
        return HeadAction.End;
    }

    private static HeadAction Authorize(Exchange exchange, ReadOnlySpan<byte> bytes, GatePolicy policy)
    {
        // Content at hand is looked at before anything is sent: a fault in it then never reaches the upstream.
        exchange.Content = ContentScanner.For(in exchange.Head);
        ScanResult found = exchange.Content.Take(bytes[exchange.Head.HeadLength..], out int taken);
        exchange.ContentAtHand = taken;
        exchange.BytesUp = exchange.Head.HeadLength + taken;
        exchange.IsWhole = exchange.Content.Done;
        exchange.Record(policy, FastGate.Proxy.Gate.Authorizer.Decide(policy, in exchange.Head, bytes));
        if (exchange.Verdict.Kind == VerdictKind.Host)
            exchange.KeepHost(HostGrammar.NameOf(exchange.Head.Host(bytes)));
        // Behind the decision on the path, whose refusal says more: the content of a refused request goes nowhere
        // anyway.
        if (exchange.Verdict.Kind == VerdictKind.Allowed && IsContentUnexpected(exchange, policy))
        {
            exchange.Head.Fault = HeadFault.ContentUnexpected;
            return Refuse(exchange, policy, VerdictKind.Fault, CloseReason.GateHeadFault);
        }
        if (found == ScanResult.Invalid)
            exchange.CloseFor(CloseReason.GateContentFault);
        bool goesUp = exchange.Verdict.Kind == VerdictKind.Allowed && found != ScanResult.Invalid;
        return goesUp ? HeadAction.Forward : HeadAction.Refuse;
    }

    private static bool IsContentUnexpected(Exchange exchange, GatePolicy policy) =>
        exchange.Head.HasContent && !policy.AllowsContentOnGet && !ContentMethods.Include(exchange.Method);

    private static HeadAction Refuse(Exchange exchange, GatePolicy policy, VerdictKind kind, CloseReason reason)
    {
        exchange.Record(policy, new Verdict(kind));
        exchange.CloseFor(reason);
        return HeadAction.Refuse;
    }
}

/// <summary>The decision on one request: its method and path against the rules, its host against the own
/// names.</summary>
internal static class Authorizer
{
    /// <param name="policy">The listener's policy of this moment.</param>
    /// <param name="request">A complete head that was found valid.</param>
    /// <param name="head">Its bytes.</param>
    public static Verdict Decide(GatePolicy policy, in RequestHead request, ReadOnlySpan<byte> head)
    {
        RouteMatch verdict = policy.Rules.Match(request.Method(head), request.Path(head));
        if (verdict.Kind == RouteMatchKind.UnknownPath)
            return new Verdict(VerdictKind.Path);
        if (!verdict.Allowed)
            return new Verdict(
                AsksToUpgrade(policy.Rules, in request, head) ? VerdictKind.Upgrade : VerdictKind.Method
            );
        bool foreign = !policy.PreserveHost && request.HostLength >= 0 && !policy.Hosts.IsOwn(request.Host(head));
        return foreign ? new Verdict(VerdictKind.Host) : new Verdict(VerdictKind.Allowed, verdict.RuleIndex);
    }

    // A client that may post here goes on at once with that when a 426 says so; a 403 it takes for a fault, and tries
    // again.
    private static bool AsksToUpgrade(RuleSet rules, in RequestHead request, ReadOnlySpan<byte> head) =>
        request.MinorVersion == 1
        && request.Method(head).SequenceEqual("GET"u8)
        && UpgradeRequest.IsForWebSocket(head[..request.HeadLength])
        && rules.Match("POST"u8, request.Path(head)).Allowed;
}

/// <summary>What is to be done after a look at what a client has sent of a head.</summary>
internal enum HeadAction
{
    /// <summary>Read on.</summary>
    Partial,

    /// <summary>The request is allowed.</summary>
    Forward,

    /// <summary>The request is not.</summary>
    Refuse,

    /// <summary>The connection ends without a reply.</summary>
    End,
}
