using FastGate.Proxy.Rules;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

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
        && UpgradeWish.IsForWebSocket(head[..request.HeadLength])
        && rules.Match("POST"u8, request.Path(head)).Allowed;
}
