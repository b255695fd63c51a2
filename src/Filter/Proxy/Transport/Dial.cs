using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>Connects one socket away from any loop, for looking at a server rather than for serving. Any
/// thread.</summary>
internal static class Dial
{
    /// <param name="to">Where to.</param>
    /// <param name="longest">Then it is given up, as <see cref="SocketError.TimedOut"/>.</param>
    /// <param name="cancellationToken">The caller's own end.</param>
    /// <exception cref="OperationCanceledException">The caller's token was canceled.</exception>
    public static async Task<DialResult> ConnectAsync(
        IPEndPoint to,
        TimeSpan longest,
        CancellationToken cancellationToken
    )
    {
        Socket socket = new(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(longest);
        try
        {
            await socket.ConnectAsync(to, late.Token);
            if (SocketTuning.IsOwnPeer(socket, to))
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
                return new DialResult(null, SocketError.ConnectionRefused);
            }
            return new DialResult(new NetworkStream(socket, ownsSocket: true), SocketError.Success);
        }
        catch (SocketException refused)
        {
            socket.Dispose();
            return new DialResult(null, refused.SocketErrorCode);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not the caller: nobody answered in time.
            socket.Dispose();
            return new DialResult(null, SocketError.TimedOut);
        }
    }
}
