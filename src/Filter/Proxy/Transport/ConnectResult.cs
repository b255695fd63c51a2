using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>What a connect came to: a pipe, or the reason why there is none.</summary>
internal readonly record struct ConnectResult(SocketPipe? Pipe, SocketError Error)
{
    /// <summary>True when it is this process, or its system, that has nothing left to connect with.</summary>
    public bool IsShortage => Error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    /// <summary>The reason in words, for a log line.</summary>
    public string Reason =>
        Error switch
        {
            SocketError.Success => "connected",
            SocketError.ConnectionRefused => "connection refused",
            SocketError.TimedOut => "no answer in time",
            SocketError.TooManyOpenSockets => "no descriptor left for another socket",
            SocketError.NoBufferSpaceAvailable => SocketErrorText.NoRoom,
            _ => Error.ToString(),
        };
}
