namespace FastGate.Commands.Install.Haproxy;

/// <summary>Whether something holds for a request. In this order: "and" is the least, "or" the greatest.</summary>
internal enum Truth
{
    No,

    /// <summary>It depends on what is unknown here: who asks, a password, a header, a map.</summary>
    Maybe,

    Yes,
}
