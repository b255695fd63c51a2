namespace FastGate.Proxy.Wire;

/// <summary>
/// The methods whose content every server reads. cpp-httplib 0.11 leaves the content of all others on the connection
/// and takes it for the next request; 0.53.1 does so with methods that it does not know.
/// </summary>
internal static class ContentMethods
{
    /// <param name="method">As it was sent: methods are case-sensitive (RFC 9110 §9.1).</param>
    public static bool Include(ReadOnlySpan<byte> method) =>
        method.Length switch
        {
            3 => method.SequenceEqual("PUT"u8),
            4 => method.SequenceEqual("POST"u8),
            5 => method.SequenceEqual("PATCH"u8),
            6 => method.SequenceEqual("DELETE"u8),
            _ => false,
        };
}
