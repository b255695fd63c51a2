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

/// <summary>What became of a <see cref="Dial"/>: a stream over the connected socket, or why there is none.</summary>
/// <param name="Stream">Owns its socket; null if there is no connection.</param>
/// <param name="Failure">What the system said; <see cref="SocketError.Success"/> if there is one.</param>
internal readonly record struct DialResult(NetworkStream? Stream, SocketError Failure)
{
    /// <summary>The reason when the machine is there and nobody listens.</summary>
    public const string Refused = "connection refused";

    /// <summary>The reason when nothing comes back at all.</summary>
    public const string Silent = "no answer";

    /// <summary>The reason when there is no way to it.</summary>
    public const string Unreachable = "not reachable";

    /// <summary>In words.</summary>
    public string Reason =>
        Failure switch
        {
            SocketError.Success => "connected",
            SocketError.ConnectionRefused => Refused,
            SocketError.TimedOut => Silent,
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => Unreachable,
            SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => SocketErrorText.Of(Failure),
            _ => Failure.ToString(),
        };
}
