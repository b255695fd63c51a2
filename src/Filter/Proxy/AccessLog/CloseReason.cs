using System.Text;

namespace FastGate.Proxy.AccessLog;

/// <summary>
/// Why a connection ended: who ended it (client, upstream, gate), and in which phase. The first cause counts.
/// </summary>
internal enum CloseReason
{
    /// <summary>The connection is still open.</summary>
    None,

    /// <summary>The client closed between two exchanges: the ordinary end.</summary>
    ClientIdle,

    /// <summary>The client closed or reset in the middle of a request head.</summary>
    ClientHead,

    /// <summary>The client closed or reset in the middle of its request content.</summary>
    ClientContent,

    /// <summary>The client closed or reset before the response had ended.</summary>
    ClientResponse,

    /// <summary>The client asked for the close: HTTP/1.0, or <c>Connection: close</c>.</summary>
    ClientClose,

    /// <summary>The upstream responded while request content was on its way to it.</summary>
    UpstreamContent,

    /// <summary>The upstream closed or reset in the middle of a response.</summary>
    UpstreamResponse,

    /// <summary>The upstream sent a malformed response.</summary>
    UpstreamFault,

    /// <summary>The upstream switched protocols (101), which is never forwarded.</summary>
    UpstreamUpgrade,

    /// <summary>The end of the connection is the end of the response (RFC 9112 §6.3, item 8).</summary>
    UpstreamClose,

    /// <summary>The peer's address is outside the listener's <c>from</c> ranges. Counted, but not logged.</summary>
    GatePeerNotAllowed,

    /// <summary>The peer has reached its limit of connections. Counted, but not logged.</summary>
    GatePeerLimit,

    /// <summary>The request was refused, and because of its content or <c>Connection: close</c> the connection ended
    /// too.</summary>
    GateRefused,

    /// <summary>The request head is malformed or too large.</summary>
    GateHeadFault,

    /// <summary>The request head was not complete in time.</summary>
    GateHeadTimeout,

    /// <summary>The request content is malformed.</summary>
    GateContentFault,

    /// <summary>The request content, or the reading of the response, stalled for too long.</summary>
    GateContentTimeout,

    /// <summary>The connection was kept alive without a request for too long.</summary>
    GateIdleTimeout,

    /// <summary>All connections were taken, and this one, which had no request in flight, made room for
    /// another.</summary>
    GateFull,

    /// <summary>The gate was shut down.</summary>
    GateShutdown,

    /// <summary>An unexpected exception; the operational log has the details.</summary>
    GateError,
}

/// <summary>The name of each <see cref="CloseReason"/> in the access log: the member's name in kebab case.</summary>
internal static class CloseReasons
{
    /// <summary>Returns <see cref="Word"/> as a string.</summary>
    public static string Text(CloseReason reason) => Encoding.ASCII.GetString(Word(reason));

    /// <summary>Returns the name; empty for <see cref="CloseReason.None"/>, which the log writes as null.</summary>
    public static ReadOnlySpan<byte> Word(CloseReason reason) =>
        reason switch
        {
            CloseReason.ClientIdle => "client-idle"u8,
            CloseReason.ClientHead => "client-head"u8,
            CloseReason.ClientContent => "client-content"u8,
            CloseReason.ClientResponse => "client-response"u8,
            CloseReason.ClientClose => "client-close"u8,
            CloseReason.UpstreamContent => "upstream-content"u8,
            CloseReason.UpstreamResponse => "upstream-response"u8,
            CloseReason.UpstreamFault => "upstream-fault"u8,
            CloseReason.UpstreamUpgrade => "upstream-upgrade"u8,
            CloseReason.UpstreamClose => "upstream-close"u8,
            CloseReason.GatePeerNotAllowed => "gate-peer-not-allowed"u8,
            CloseReason.GatePeerLimit => "gate-peer-limit"u8,
            CloseReason.GateRefused => "gate-refused"u8,
            CloseReason.GateHeadFault => "gate-head-fault"u8,
            CloseReason.GateHeadTimeout => "gate-head-timeout"u8,
            CloseReason.GateContentFault => "gate-content-fault"u8,
            CloseReason.GateContentTimeout => "gate-content-timeout"u8,
            CloseReason.GateIdleTimeout => "gate-idle-timeout"u8,
            CloseReason.GateFull => "gate-full"u8,
            CloseReason.GateShutdown => "gate-shutdown"u8,
            CloseReason.GateError => "gate-error"u8,
            _ => [],
        };
}
