namespace FastGate.Proxy.Wire;

/// <summary>What helps against a fault of the path, where the path shows how it came about.</summary>
internal static class FaultCures
{
    /// <summary>Follows the fault's own sentence; empty if nothing more is known.</summary>
    public static ReadOnlySpan<byte> Of(HeadFault fault, ReadOnlySpan<byte> path) =>
        fault switch
        {
            // Clients join a base URL and "/v1/…" without looking at the slash between them.
            HeadFault.TargetEmptySegment when path.IndexOf("//"u8) >= 0 =>
                ": remove the slash at the end of the client's base URL"u8,
            HeadFault.TargetEmptySegment when path.Length > 1 && path[^1] == '/' =>
                ": remove the slash at the end of the path"u8,
            HeadFault.TargetEncodedSlash when path.StartsWith("/v1/models/"u8) =>
                "; Ollama's GET /v1/models/{model} finds no name with a slash: ask for the list with "u8
                    + "GET /v1/models, or for one model with POST /api/show"u8,
            _ => default,
        };
}
