using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>One connection in the making on a loop, without blocking it. Belongs to the loop's thread.</summary>
internal sealed class Connector : IReadyHandler
{
    private readonly TaskCompletionSource<SocketError> told = new();
    private readonly Socket socket;
    private readonly Deadline limit;
    private Watch? watch;

    private Connector(Loop loop, Socket socket)
    {
        this.socket = socket;
        limit = loop.CreateDeadline(() => End(SocketError.TimedOut));
    }

    /// <summary>Connects; null when that failed or took longer than <paramref name="limit"/>.</summary>
    /// <param name="loop">The loop that will own the pipe.</param>
    /// <param name="endPoint">An address and port.</param>
    /// <param name="limit">How long it may take.</param>
    public static async ValueTask<ConnectResult> ConnectAsync(Loop loop, IPEndPoint endPoint, TimeSpan limit)
    {
        if (!loop.Reserve.TryKeep()) return new ConnectResult(null, SocketError.TooManyOpenSockets);
        Socket? socket = null;
        SocketPipe? pipe = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            SocketTuning.TuneConnection(socket);
            SocketError error = loop.Calls.Connect(socket, endPoint);
            if (error == SocketError.WouldBlock) error = await new Connector(loop, socket).WaitAsync(loop, limit);
            if (error == SocketError.Success) pipe = new SocketPipe(loop, socket, endPoint);
            return new ConnectResult(pipe, error);
        }
        catch (SocketException failure)
        {
            // No descriptor for another socket.
            loop.Reserve.LetGo();
            return new ConnectResult(null, failure.SocketErrorCode);
        }
        catch (IOException)
        {
            // No room for another watch.
            return new ConnectResult(null, SocketError.NoBufferSpaceAvailable);
        }
        finally
        {
            if (pipe is null) socket?.Dispose();
        }
    }

    void IReadyHandler.OnReadable() => End(Outcome());

    void IReadyHandler.OnWritable() => End(Outcome());

    void IReadyHandler.OnHungUp() => End(Outcome());

    void IReadyHandler.OnFault() => End(SocketError.SocketError);

    private async ValueTask<SocketError> WaitAsync(Loop loop, TimeSpan time)
    {
        try
        {
            watch = loop.Watch(socket, this, Interest.Write);
            limit.Set(time);
            return await told.Task;
        }
        finally
        {
            limit.Remove();
        }
    }

    private SocketError Outcome() => SocketTuning.ErrorOf(socket);

    private void End(SocketError error)
    {
        watch!.Close();
        told.TrySetResult(error);
    }
}
