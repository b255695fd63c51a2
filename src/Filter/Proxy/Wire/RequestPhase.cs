namespace FastGate.Proxy.Wire;

/// <summary>Which element of a request head the scan stands in.</summary>
internal enum RequestPhase : byte
{
    Begin,
    Method,
    Target,
    Path,
    Query,
    Version,
    LineEnd,
    Fields,
    End,
}
