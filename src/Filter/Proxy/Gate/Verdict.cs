namespace FastGate.Proxy.Gate;

/// <summary>What became of a request, and for an allowed one the rule that allowed it (-1 for none).</summary>
internal readonly record struct Verdict(VerdictKind Kind, int RuleIndex = -1);
