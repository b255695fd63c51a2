using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>Reads a request from what the client has sent: scans the head, decides, and frames the content at
/// hand.</summary>
internal static class RequestReader
{
    /// <param name="exchange">Receives what the scan finds.</param>
    /// <param name="bytes">All bytes in the client's buffer.</param>
    /// <param name="ended">Whether the client has ended its side of the connection.</param>
    /// <param name="timedOut">Whether the time limit for a head has passed.</param>
    /// <param name="policy">The listener's current policy.</param>
    /// <param name="headBytesMax">The largest head that is accepted.</param>
    public static HeadAction Scan(
        Exchange exchange,
        ReadOnlySpan<byte> bytes,
        bool ended,
        bool timedOut,
        GatePolicy policy,
        int headBytesMax
    )
    {
        ScanResult found = RequestHeadScanner.Scan(bytes, ref exchange.Head, headBytesMax);
        if (found == ScanResult.Partial && !ended && !timedOut)
            return HeadAction.Partial;
        exchange.Name(bytes);
        exchange.BytesUp = bytes.Length;
        if (found == ScanResult.Complete)
            return Authorize(exchange, bytes, policy);
        if (found == ScanResult.Invalid)
            return Refuse(exchange, policy, VerdictKind.Fault, CloseReason.GateHeadFault);
        if (timedOut)
            return Refuse(exchange, policy, VerdictKind.Timeout, CloseReason.GateHeadTimeout);
        // The client ended in the middle of a head: nothing can be answered.
        exchange.CloseFor(CloseReason.ClientHead);
        return HeadAction.End;
    }

    private static HeadAction Authorize(Exchange exchange, ReadOnlySpan<byte> bytes, GatePolicy policy)
    {
        // Content at hand is framed before anything is sent, so a fault in it never reaches the upstream.
        exchange.Content = ContentScanner.For(in exchange.Head);
        ScanResult found = exchange.Content.Take(bytes[exchange.Head.HeadLength..], out int taken);
        exchange.ContentAtHand = taken;
        exchange.BytesUp = exchange.Head.HeadLength + taken;
        exchange.IsWhole = exchange.Content.Done;
        exchange.Record(policy, Authorizer.Decide(policy, in exchange.Head, bytes));
        if (exchange.Verdict.Kind == VerdictKind.Host)
            exchange.KeepHost(HostGrammar.NameOf(exchange.Head.Host(bytes)));
        // After the decision on the path, whose refusal explains more; the content of a refused request is not sent
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

/// <summary>Decides on one request: method and path by the rules, the host by the machine's own names.</summary>
internal static class Authorizer
{
    /// <param name="policy">The listener's current policy.</param>
    /// <param name="request">A complete and valid head.</param>
    /// <param name="head">Its bytes.</param>
    public static Verdict Decide(GatePolicy policy, in RequestHead request, ReadOnlySpan<byte> head)
    {
        RouteMatch match = policy.Rules.Match(request.Method(head), request.Path(head));
        if (match.Kind == RouteMatchKind.UnknownPath)
            return new Verdict(VerdictKind.Path);
        if (!match.Allowed)
            return new Verdict(
                RequestsUpgrade(policy.Rules, in request, head) ? VerdictKind.Upgrade : VerdictKind.Method
            );
        bool foreign = !policy.PreserveHost && request.HostLength >= 0 && !policy.Hosts.IsOwn(request.Host(head));
        return foreign ? new Verdict(VerdictKind.Host) : new Verdict(VerdictKind.Allowed, match.RuleIndex);
    }

    // After a 426, a client that may use POST here does so immediately; it treats a 403 as a failure and retries.
    private static bool RequestsUpgrade(RuleSet rules, in RequestHead request, ReadOnlySpan<byte> head) =>
        request.MinorVersion == 1
        && request.Method(head).SequenceEqual("GET"u8)
        && UpgradeRequest.IsForWebSocket(head[..request.HeadLength])
        && rules.Match("POST"u8, request.Path(head)).Allowed;
}

/// <summary>What to do after scanning what a client has sent of a head.</summary>
internal enum HeadAction
{
    /// <summary>Read more.</summary>
    Partial,

    /// <summary>The request is allowed.</summary>
    Forward,

    /// <summary>The request is not allowed.</summary>
    Refuse,

    /// <summary>The connection ends without a reply.</summary>
    End,
}
