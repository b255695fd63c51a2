using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>One connection in the making on a loop, without blocking it. Belongs to the loop's thread.</summary>
internal sealed class Connector : IReadyHandler
{
    private readonly TaskCompletionSource<SocketError> _told = new();
    private readonly Descriptor _socket;
    private readonly Loop _loop;
    private readonly Deadline _limit;
    private Registration? _watch;

    private Connector(Loop loop, Descriptor socket)
    {
        _loop = loop;
        _socket = socket;
        _limit = loop.CreateDeadline(() => End(SocketError.TimedOut));
    }

    /// <summary>Connects; null when that failed or took longer than <paramref name="limit"/>.</summary>
    /// <param name="loop">The loop that will own the pipe.</param>
    /// <param name="endPoint">An address and port.</param>
    /// <param name="limit">How long it may take.</param>
    public static async ValueTask<ConnectResult> ConnectAsync(Loop loop, IPEndPoint endPoint, TimeSpan limit)
    {
        if (!loop.Reserve.TryKeep())
            return new ConnectResult(null, SocketError.TooManyOpenSockets);
        if (loop.Calls.Open(endPoint, out SocketError error) is not { } socket)
        {
            // No descriptor for another socket.
            loop.Reserve.LetGo();
            return new ConnectResult(null, error);
        }
        SocketPipe? pipe = null;
        try
        {
            error = loop.Calls.Connect(socket, endPoint);
            if (error == SocketError.WouldBlock)
                error = await new Connector(loop, socket).WaitAsync(limit);
            if (error == SocketError.Success && loop.Calls.IsOwnPeer(socket, endPoint))
            {
                // Nobody listens there. A reset leaves nothing behind that would keep the port.
                loop.Calls.ResetOnClose(socket);
                error = SocketError.ConnectionRefused;
            }
            if (error == SocketError.Success)
                pipe = new SocketPipe(loop, socket);
            return new ConnectResult(pipe, error);
        }
        catch (IOException)
        {
            // No room for another watch.
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

    private async ValueTask<SocketError> WaitAsync(TimeSpan time)
    {
        try
        {
            _watch = _loop.Watch(_socket, this, Interest.Write);
            _limit.Set(time);
            return await _told.Task;
        }
        finally
        {
            _limit.Remove();
        }
    }

    private SocketError Outcome() => _loop.Calls.ErrorOf(_socket);

    private void End(SocketError error)
    {
        _watch!.Close();
        _told.TrySetResult(error);
    }
}

/// <summary>What a connect came to: a pipe, or the reason why there is none.</summary>
internal readonly record struct ConnectResult(SocketPipe? Pipe, SocketError Error)
{
    /// <summary>True when it is this process, or its system, that has nothing left to connect with.</summary>
    public bool IsShortage => Error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable;

    /// <summary>The reason in words, for a log line.</summary>
    public string Reason =>
        Error switch
        {
            SocketError.Success => "connected",
            SocketError.ConnectionRefused => "connection refused",
            SocketError.TimedOut => "no answer in time",
            SocketError.TooManyOpenSockets => "no descriptor left for another socket",
            SocketError.NoBufferSpaceAvailable => SocketErrorText.NoRoom,
            _ => Error.ToString(),
        };
}
