using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Makes listening sockets; an address that cannot be had is a value, not an exception.</summary>
internal static class ListenSocket
{
    /// <summary>
    /// Connections that may wait to be accepted; the system may allow fewer (net.core.somaxconn: 4096 on Linux,
    /// kern.ipc.somaxconn: 128 on macOS).
    /// </summary>
    private const int Backlog = 4096;

    public static ListenResult TryBind(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // Each address is bound by itself, so an IPv6 socket must not take IPv4 as well.
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            SocketTuning.TuneListener(socket);
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new ListenResult(socket, (IPEndPoint)socket.LocalEndPoint!, SocketError.Success);
        }
        catch (SocketException failure)
        {
            // In use, gone, forbidden, or no descriptor left: the caller says it with the address.
            socket?.Dispose();
            return new ListenResult(null, endPoint, failure.SocketErrorCode);
        }
    }
}

/// <summary>What a bind came to: a listening socket and its address, or the reason why there is none.</summary>
internal readonly record struct ListenResult(Socket? Socket, IPEndPoint EndPoint, SocketError Error)
{
    /// <summary>Another program has it.</summary>
    public bool IsTaken => Error == SocketError.AddressAlreadyInUse;

    /// <summary>The reason in words, with what to do.</summary>
    public string Reason =>
        Error switch
        {
            SocketError.AddressAlreadyInUse =>
                $"another program listens there (find it: lsof -nP -iTCP:{EndPoint.Port} -sTCP:LISTEN; "
                    + $"if it is Ollama, start it with OLLAMA_HOST=127.0.0.1)",
            SocketError.AddressNotAvailable => "this machine has no such address",
            SocketError.TooManyOpenSockets =>
                "the process has no file descriptor left for it (raise the limit: ulimit -n)",
            SocketError.NoBufferSpaceAvailable => SocketErrorText.NoRoom,
            SocketError.AccessDenied => "ports below 1024 need more rights; take one above",
            _ => Error.ToString(),
        };
}
