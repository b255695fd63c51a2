using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

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
