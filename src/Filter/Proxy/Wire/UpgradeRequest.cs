using System.Text;

namespace FastGate.Proxy.Wire;

/// <summary>
/// Recognizes a WebSocket handshake (RFC 6455 §4.1). Only used for refused requests, so that the scan of other heads
/// does not pay for these fields.
/// </summary>
internal static class UpgradeRequest
{
    /// <param name="head">A complete, valid head.</param>
    public static bool IsForWebSocket(ReadOnlySpan<byte> head)
    {
        bool isOption = false;
        bool isNamed = false;
        head = head[(head.IndexOf("\r\n"u8) + 2)..];
        for (int end; (end = head.IndexOf("\r\n"u8)) > 0; head = head[(end + 2)..])
        {
            int colon = head.IndexOf((byte)':');
            ReadOnlySpan<byte> name = head[..colon];
            ReadOnlySpan<byte> value = WireBytes.TrimOws(head[(colon + 1)..end]);
            if (Ascii.EqualsIgnoreCase(name, "connection"u8))
                isOption |= FieldValues.ListHas(value, "upgrade"u8);
            else if (Ascii.EqualsIgnoreCase(name, "upgrade"u8))
                isNamed |= FieldValues.ListHas(value, "websocket"u8);
        }

        return isOption && isNamed;
    }
}
