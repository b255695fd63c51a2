using System.Text;

namespace FastGate.Proxy.AccessLog;

/// <summary>The word of each <see cref="CloseReason"/> in the access log: the member's name in kebab case.</summary>
internal static class CloseReasons
{
    /// <summary>The same for people and counts.</summary>
    public static string Text(CloseReason reason) => Encoding.ASCII.GetString(Word(reason));

    /// <summary>Empty for <see cref="CloseReason.None"/>, which the log writes as null.</summary>
    public static ReadOnlySpan<byte> Word(CloseReason reason) =>
        reason switch
        {
            CloseReason.ClientIdle => "client-idle"u8,
            CloseReason.ClientHead => "client-head"u8,
            CloseReason.ClientConnect => "client-connect"u8,
            CloseReason.ClientContent => "client-content"u8,
            CloseReason.ClientResponse => "client-response"u8,
            CloseReason.ClientClose => "client-close"u8,
            CloseReason.UpstreamConnect => "upstream-connect"u8,
            CloseReason.UpstreamContent => "upstream-content"u8,
            CloseReason.UpstreamResponse => "upstream-response"u8,
            CloseReason.UpstreamFault => "upstream-fault"u8,
            CloseReason.UpstreamUpgrade => "upstream-upgrade"u8,
            CloseReason.UpstreamClose => "upstream-close"u8,
            CloseReason.GateFrom => "gate-from"u8,
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
