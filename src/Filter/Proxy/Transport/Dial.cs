using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Connects one socket outside any loop, for probes. Any thread.</summary>
internal static class Dial
{
    /// <param name="to">The address and port.</param>
    /// <param name="timeout">Fails with <see cref="SocketError.TimedOut"/> after this long.</param>
    /// <param name="cancellationToken">Cancels the connect.</param>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public static async Task<DialResult> ConnectAsync(
        IPEndPoint to,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource timeoutSource = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken
        );
        timeoutSource.CancelAfter(timeout);
        try
        {
            await socket.ConnectAsync(to, timeoutSource.Token);
            if (SocketTuning.IsOwnPeer(socket, to))
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
                return new DialResult(null, SocketError.ConnectionRefused);
            }
            return new DialResult(new NetworkStream(socket, ownsSocket: true), SocketError.Success);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            return new DialResult(null, exception.SocketErrorCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not canceled by the caller: the timeout expired.
            socket.Dispose();
            return new DialResult(null, SocketError.TimedOut);
        }
    }
}

/// <summary>The result of a <see cref="Dial"/>: a stream over the connected socket, or the error.</summary>
/// <param name="Stream">The connection, which owns its socket; null after an error.</param>
/// <param name="Failure">The system's error; <see cref="SocketError.Success"/> if connected.</param>
internal readonly record struct DialResult(NetworkStream? Stream, SocketError Failure)
{
    /// <summary>The error in words.</summary>
    public string Reason => SocketErrorText.OfConnect(Failure);
}
