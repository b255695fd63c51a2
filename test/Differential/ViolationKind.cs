namespace FastGate.Test.Differential;

/// <summary>The ways in which a gate can fail.</summary>
internal enum ViolationKind
{
    /// <summary>A request outside the allowlist arrived.</summary>
    Forbidden,

    /// <summary>A request arrived altered, or a response went to another client.</summary>
    Altered,

    /// <summary>A connection got neither a response nor a close.</summary>
    Hung,

    /// <summary>A plain, valid request did not arrive or got no response.</summary>
    WronglyRefused,
}
