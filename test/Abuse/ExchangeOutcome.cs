namespace FastGate.Test.Abuse;

/// <summary>The result of a request as its client sees it.</summary>
internal enum ExchangeOutcome
{
    Correct,

    /// <summary>Failed visibly: 502, 503, or a broken connection. Allowed only while the upstream restarts.</summary>
    Interrupted,

    /// <summary>The response belongs to another request.</summary>
    Crossed,

    /// <summary>The response differs from what the upstream or the gate sends for this request.</summary>
    Altered,
}
