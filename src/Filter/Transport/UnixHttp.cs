using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>HTTP to a program of this machine that listens on a Unix socket, by .NET's client. Any thread.</summary>
internal static class UnixHttp
{
    /// <summary>A handler whose requests all go to one socket, whatever host they name.</summary>
    /// <param name="path">The socket; that it is not there, or refuses, is an <see cref="HttpRequestException"/> of the request.</param>
    public static SocketsHttpHandler HandlerTo(string path) => new()
    {
        UseProxy = false,
        ConnectCallback = async (_, stopping) =>
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stopping);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                // The client makes a HttpRequestException of whatever it is.
                socket.Dispose();
                throw;
            }
        },
    };
}
