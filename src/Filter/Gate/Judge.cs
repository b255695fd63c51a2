using FastGate.Rules;
using FastGate.Wire;

namespace FastGate.Gate;

/// <summary>The decision on one request: its method and path against the rules, its host against the own names.</summary>
internal static class Judge
{
    /// <param name="policy">The listener's policy of this moment.</param>
    /// <param name="request">A complete head that was found valid.</param>
    /// <param name="head">Its bytes.</param>
    public static Judgement Of(GatePolicy policy, in RequestHead request, ReadOnlySpan<byte> head)
    {
        Verdict verdict = policy.Rules.Match(request.Method(head), request.Path(head));
        if (!verdict.Allowed)
        {
            return new Judgement(
                verdict.Kind == VerdictKind.MethodNotAllowed ? JudgementKind.Method : JudgementKind.Path);
        }
        bool foreign = !policy.PreserveHost && request.HostLength >= 0 && !policy.Hosts.IsOwn(request.Host(head));
        return foreign ? new Judgement(JudgementKind.Host) : new Judgement(JudgementKind.Allowed, verdict.RuleIndex);
    }
}
