namespace FastGate.Test.Abuse;

/// <summary>How a response is delimited (RFC 9112 §6.3).</summary>
internal enum ResponseFraming
{
    Length,
    Chunked,
    UntilClose,

    /// <summary>The response never ends; it continues for as long as the client reads.</summary>
    Endless,
}
