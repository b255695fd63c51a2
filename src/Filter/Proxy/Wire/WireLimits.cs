namespace FastGate.Proxy.Wire;

/// <summary>The largest size of each element of a message; anything larger is a fault. All are inclusive.</summary>
internal static class WireLimits
{
    /// <summary>A request head including its final CRLF CRLF. HAProxy accepts 16 KiB, Go 1 MiB; recorded clients send
    /// less than 1 KiB.</summary>
    public const int HeadBytesMax = 32 * 1024;

    /// <summary>
    /// A request line without its CRLF. RFC 9112 §3 recommends at least 8000. cpp-httplib 0.11 answers 414 to a line
    /// over 8192 bytes, CRLF included, and reads the content that follows as the next request.
    /// </summary>
    public const int RequestLineBytesMax = 8190;

    /// <summary>
    /// A field line of a request without its CRLF. cpp-httplib answers 400 to a line over 8192 bytes, CRLF included,
    /// and reads what follows as new requests. Recorded clients send less than 1 KiB.
    /// </summary>
    public const int FieldLineBytesMax = 8190;

    /// <summary>Field lines of a request head. HAProxy's default (tune.http.maxhdr) is 101.</summary>
    public const int FieldLinesMax = 100;

    /// <summary>10^18 - 1 fits in a signed 64-bit number, so the length overflows in no parser.</summary>
    public const int ContentLengthDigitsMax = 18;

    /// <summary>16^15 - 1 fits in a signed 64-bit number. Go accepts up to 16 digits.</summary>
    public const int ChunkSizeDigitsMax = 15;

    /// <summary>A response head including its final CRLF CRLF.</summary>
    public const int ResponseHeadBytesMax = 64 * 1024;

    /// <summary>The extensions of one chunk of a response.</summary>
    public const int ChunkExtensionBytesMax = 1024;

    /// <summary>All trailers of a response together.</summary>
    public const int TrailerBytesMax = 8 * 1024;

    /// <summary>A method, path or host that a refusal repeats.</summary>
    public const int EchoBytesMax = 128;

    /// <summary>A reason phrase. Clients show it on one line; Python reads up to 64 KiB, Node 16 KiB for the whole
    /// head.</summary>
    public const int ReasonBytesMax = 256;

    /// <summary>The method and the path in a reason phrase, each: the text after them matters more.</summary>
    public const int ReasonEchoBytesMax = 64;
}
