namespace FastGate.Test.Differential;

/// <summary>What can be wrong with a gate.</summary>
internal enum ViolationKind
{
    /// <summary>A request outside the allowlist arrived.</summary>
    Forbidden,

    /// <summary>A request arrived that was not sent so, or an answer went to another client.</summary>
    Altered,

    /// <summary>A connection was neither answered nor closed.</summary>
    Hung,

    /// <summary>A plain, valid request did not arrive or was not answered.</summary>
    WronglyRefused,
}
