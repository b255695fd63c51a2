using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace FastGate.Test.Support;

/// <summary>
/// An upstream of raw bytes for byte-for-byte checks: returns its connections in the order in which they first carry
/// a byte, so that a gate's ready, unused connections do not count. The test writes the responses.
/// </summary>
internal sealed class RawUpstream : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<RawConnection> _speaking = Channel.CreateUnbounded<RawConnection>();
    private int _accepted;

    public RawUpstream()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Endpoint = (IPEndPoint)_listener.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>How many connections were opened, ready ones included.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The next connection on which a byte has arrived.</summary>
    public Task<RawConnection> NextAsync() => _speaking.Reader.ReadAsync().WithinDeadline();

    public void Dispose()
    {
        _listener.Dispose();
        while (_speaking.Reader.TryRead(out var connection))
            connection.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                // Otherwise a small piece waits for the ACK of the one before, and a reset drops it.
                socket.NoDelay = true;
                Interlocked.Increment(ref _accepted);
                _ = ListenAsync(socket);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was disposed: the test is over.
            _speaking.Writer.TryComplete();
        }
    }

    private async Task ListenAsync(Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty);
            if (socket.Available > 0)
                _speaking.Writer.TryWrite(new RawConnection(socket));
            else
                socket.Dispose();
        }
        catch (SocketException)
        {
            // A ready connection that its owner reset without having used it.
            socket.Dispose();
        }
    }
}
