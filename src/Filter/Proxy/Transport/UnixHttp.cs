using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>HTTP to a program of this machine that listens on a Unix socket, by .NET's client. Any thread.</summary>
internal static class UnixHttp
{
    /// <summary>A bounded client whose requests all go to one socket, whatever host they name.</summary>
    /// <param name="path">The socket; that it is not there, or refuses, is an <see cref="HttpRequestException"/> of the
    /// request.</param>
    /// <param name="timeout">For each request.</param>
    /// <param name="contentBytesMax">Of a response.</param>
    public static HttpClient ClientTo(
        string path,
        TimeSpan timeout,
        int contentBytesMax = BoundedHttp.ContentBytesMax
    ) => BoundedHttp.Client(HandlerTo(path), timeout, contentBytesMax);

    private static SocketsHttpHandler HandlerTo(string path) =>
        new()
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
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
