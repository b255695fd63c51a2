namespace FastGate.Proxy.Rules;

/// <summary>What the allowlist says about a request.</summary>
internal enum RouteMatchKind
{
    /// <summary>No rule has the path.</summary>
    UnknownPath,

    /// <summary>Some rule has the path, none of them with this method.</summary>
    MethodNotAllowed,

    /// <summary>A rule allows the request.</summary>
    Allowed,
}
