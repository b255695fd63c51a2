namespace FastGate.Proxy.Transport;

/// <summary>How the bytes from a peer came to their end, if they have.</summary>
internal enum InputEnd
{
    /// <summary>More may come.</summary>
    Open,

    /// <summary>The peer has sent all that it will (FIN); it may still be reading.</summary>
    Finished,

    /// <summary>The connection is gone: reset by the peer, or given up by keepalive.</summary>
    Lost,

    /// <summary>This side has closed it.</summary>
    Closed,
}
