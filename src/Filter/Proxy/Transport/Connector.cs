using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>One connect in progress on a loop, without blocking it. Belongs to the loop's thread.</summary>
internal sealed class Connector : IReadyHandler
{
    private readonly TaskCompletionSource<SocketError> _result = new();
    private readonly Descriptor _socket;
    private readonly Loop _loop;
    private readonly Deadline _timeout;
    private Registration? _registration;

    private Connector(Loop loop, Descriptor socket)
    {
        _loop = loop;
        _socket = socket;
        _timeout = loop.CreateDeadline(() => End(SocketError.TimedOut));
    }

    /// <summary>Connects; fails with <see cref="SocketError.TimedOut"/> after <paramref name="timeout"/>. Never throws
    /// for a socket error.</summary>
    /// <param name="loop">The loop that will own the pipe.</param>
    /// <param name="endPoint">An address and port.</param>
    /// <param name="timeout">The longest time to wait.</param>
    public static async ValueTask<ConnectResult> ConnectAsync(Loop loop, IPEndPoint endPoint, TimeSpan timeout)
    {
        if (!loop.Reserve.TryKeep())
            return new ConnectResult(null, SocketError.TooManyOpenSockets);
        if (loop.Calls.Open(endPoint, out SocketError error) is not { } socket)
        {
            // No descriptor for another socket.
            loop.Reserve.Release();
            return new ConnectResult(null, error);
        }
        SocketPipe? pipe = null;
        try
        {
            error = loop.Calls.Connect(socket, endPoint);
            if (error == SocketError.WouldBlock)
                error = await new Connector(loop, socket).WaitAsync(timeout);
            if (error == SocketError.Success && loop.Calls.IsOwnPeer(socket, endPoint))
            {
                // Nothing listens there. A reset leaves no state behind that would keep the port.
                loop.Calls.ResetOnClose(socket);
                error = SocketError.ConnectionRefused;
            }
            if (error == SocketError.Success)
                pipe = new SocketPipe(loop, socket);
            return new ConnectResult(pipe, error);
        }
        catch (IOException)
        {
            // The system cannot watch another socket.
            return new ConnectResult(null, SocketError.NoBufferSpaceAvailable);
        }
        finally
        {
            if (pipe is null)
                socket.Dispose();
        }
    }

    void IReadyHandler.OnReadable() => End(Outcome());

    void IReadyHandler.OnWritable() => End(Outcome());

    void IReadyHandler.OnHungUp() => End(Outcome());

    void IReadyHandler.OnFault() => End(SocketError.SocketError);

    private async ValueTask<SocketError> WaitAsync(TimeSpan timeout)
    {
        try
        {
            _registration = _loop.Watch(_socket, this, Interest.Write);
            _timeout.Set(timeout);
            return await _result.Task;
        }
        finally
        {
            _timeout.Remove();
        }
    }

    private SocketError Outcome() => _loop.Calls.ErrorOf(_socket);

    private void End(SocketError error)
    {
        _registration!.Close();
        _result.TrySetResult(error);
    }
}

/// <summary>The result of a connect: a pipe, or the error.</summary>
internal readonly record struct ConnectResult(SocketPipe? Pipe, SocketError Error)
{
    /// <summary>True if this process or the system has no resources left for another connection.</summary>
    public bool IsShortage => Error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    /// <summary>The error in words, for a log line.</summary>
    public string Reason => SocketErrorText.OfConnect(Error);
}
