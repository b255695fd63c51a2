using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Creates listening sockets; an error is a value, not an exception. Any thread.</summary>
internal static class ListenSocket
{
    /// <summary>
    /// Connections that may wait in the backlog; the system may allow fewer (net.core.somaxconn: 4096 on Linux,
    /// kern.ipc.somaxconn: 128 on macOS).
    /// </summary>
    private const int Backlog = 4096;

    public static ListenResult TryBind(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // Each address is bound separately, so an IPv6 socket must not accept IPv4.
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            SocketTuning.TuneListener(socket);
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new ListenResult(socket, (IPEndPoint)socket.LocalEndPoint!, SocketError.Success);
        }
        catch (SocketException exception)
        {
            // In use, gone, forbidden, or no descriptor left: the caller reports it with the address.
            socket?.Dispose();
            return new ListenResult(null, endPoint, exception.SocketErrorCode);
        }
    }
}

/// <summary>The result of a bind: a listening socket and its address, or the error.</summary>
internal readonly record struct ListenResult(Socket? Socket, IPEndPoint EndPoint, SocketError Error)
{
    /// <summary>Another program uses the address.</summary>
    public bool IsTaken => Error == SocketError.AddressAlreadyInUse;

    /// <summary>The error in words, with what to do.</summary>
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
            SocketError.AccessDenied => "ports below 1024 need more privileges; use a higher port",
            _ => Error.ToString(),
        };
}
