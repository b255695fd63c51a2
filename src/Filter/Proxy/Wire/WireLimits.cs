namespace FastGate.Proxy.Wire;

/// <summary>How much of each element is read before it is a fault. All are inclusive.</summary>
internal static class WireLimits
{
    /// <summary>A request head with its last CRLF CRLF. HAProxy takes 16 KiB, Go 1 MiB; recorded clients send under 1
    /// KiB.</summary>
    public const int HeadBytesMax = 32 * 1024;

    /// <summary>
    /// A request line without its CRLF. RFC 9112 §3 asks for at least 8000. cpp-httplib 0.11 answers 414 to a line over
    /// 8192 bytes, CRLF included, and reads the content behind it as the next request.
    /// </summary>
    public const int RequestLineBytesMax = 8190;

    /// <summary>
    /// A field line of a request without its CRLF. cpp-httplib answers 400 to a line over 8192 bytes, CRLF included,
    /// and reads what follows it as new requests. Recorded clients send under 1 KiB.
    /// </summary>
    public const int FieldLineBytesMax = 8190;

    /// <summary>Field lines of a request head. HAProxy's default (tune.http.maxhdr) is 101.</summary>
    public const int FieldLinesMax = 100;

    /// <summary>10^18 - 1 fits in a signed 64-bit number, so nobody's length wraps.</summary>
    public const int ContentLengthDigitsMax = 18;

    /// <summary>16^15 - 1 fits in a signed 64-bit number. Go stops at 16 digits.</summary>
    public const int ChunkSizeDigitsMax = 15;

    /// <summary>A response head with its last CRLF CRLF.</summary>
    public const int ResponseHeadBytesMax = 64 * 1024;

    /// <summary>The extensions of one chunk of a response.</summary>
    public const int ChunkExtensionBytesMax = 1024;

    /// <summary>All trailers of a response together.</summary>
    public const int TrailerBytesMax = 8 * 1024;

    /// <summary>Each method, path or host as a refusal repeats it.</summary>
    public const int EchoBytesMax = 128;

    /// <summary>A reason phrase. Clients show it in one line; Python's reads 64 KiB, Node's 16 KiB with the whole
    /// head.</summary>
    public const int ReasonBytesMax = 256;

    /// <summary>Method and path as a reason phrase repeats them, each: what follows them matters more.</summary>
    public const int ReasonEchoBytesMax = 64;
}
