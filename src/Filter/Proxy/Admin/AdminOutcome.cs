namespace FastGate.Proxy.Admin;

/// <summary>What became of asking a gate for its numbers.</summary>
internal enum AdminOutcome
{
    Answered,

    /// <summary>There is no socket: no gate runs, or it has none.</summary>
    NoSocket,

    /// <summary>There is one that nobody listens on, or that is another user's.</summary>
    Dead,

    /// <summary>It took the question and gave no answer in time.</summary>
    Silent,

    /// <summary>It answered with something else.</summary>
    NotUnderstood,
}
