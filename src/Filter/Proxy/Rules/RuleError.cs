namespace FastGate.Proxy.Rules;

/// <summary>Why a line of the allowlist cannot be read.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Column">Where, in characters from 1.</param>
/// <param name="Detail">The text that the message names, where the kind alone does not say enough.</param>
internal readonly record struct RuleError(RuleErrorKind Kind, int Column, string Detail = "")
{
    /// <summary>What is wrong, and what to write instead.</summary>
    public string Message => RuleMessages.Of(this);
}
