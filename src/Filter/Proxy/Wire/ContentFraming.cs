namespace FastGate.Proxy.Wire;

/// <summary>How the end of a message's content is known.</summary>
internal enum ContentFraming : byte
{
    None,
    Length,
    Chunked,
    UntilClose,
}
