namespace FastGate.Test.Abuse;

/// <summary>What became of a request, as its client sees it.</summary>
internal enum ExchangeOutcome
{
    Correct,

    /// <summary>Openly without its answer: 502, 503, or a connection that broke. Right only while the upstream
    /// restarts.</summary>
    Interrupted,

    /// <summary>The answer is another request's.</summary>
    Crossed,

    /// <summary>The answer is not what the upstream or the gate says to this request.</summary>
    Altered,
}
