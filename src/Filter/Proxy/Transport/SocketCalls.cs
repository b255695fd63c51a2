using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>.NET's socket calls, with errors as values; they work on every system. Belongs to the loop's
/// thread.</summary>
/// <param name="descriptorsMax">Sockets are usable only with descriptors below this number.</param>
internal sealed class SocketCalls(int descriptorsMax = int.MaxValue) : ISocketCalls
{
    // macOS takes a connection from the backlog before it allocates a descriptor, and drops it if there is none.
    private readonly bool _checksFirst = OperatingSystem.IsMacOS() || descriptorsMax < int.MaxValue;

    // Each accepted connection may need another descriptor, for its upstream connection.
    private readonly int _acceptBelow = descriptorsMax / 4 * 3;

    public Descriptor? Accept(Descriptor listener, out SocketError error)
    {
        // Far cheaper than the exception with which .NET reports an empty backlog.
        error = SocketError.WouldBlock;
        if (!listener.Socket!.Poll(0, SelectMode.SelectRead))
            return null;
        error = _checksFirst ? HasDescriptorLeft() : SocketError.Success;
        if (error != SocketError.Success)
            return null;
        Socket? socket = null;
        try
        {
            socket = listener.Socket.Accept();
            SocketTuning.TuneAccepted(socket);
            error = SocketError.Success;
            return new Descriptor(socket, SocketTuning.RemoteAddress(socket));
        }
        catch (SocketException exception)
        {
            // .NET reports even an empty backlog only by an exception. A client that gave up while its options were set
            // is not worth reporting.
            error = socket is null ? exception.SocketErrorCode : SocketError.ConnectionAborted;
            socket?.Dispose();
            return null;
        }
        catch (ArgumentException)
        {
            // macOS has no address for a peer that reset its IPv6 connection while it waited, and .NET throws for it
            // (dotnet/runtime issue 121848). The finalizer of the unreachable handle closes the descriptor.
            error = SocketError.ConnectionAborted;
            return null;
        }
    }

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            SocketTuning.TuneConnection(socket);
            SocketTuning.BoundUpstream(socket);
            Descriptor opened = new(socket);
            error = opened.Number < descriptorsMax ? SocketError.Success : SocketError.TooManyOpenSockets;
            if (error == SocketError.Success)
                return opened;
            opened.Dispose();
            return null;
        }
        catch (SocketException exception)
        {
            // No descriptor is left for another socket.
            socket?.Dispose();
            error = exception.SocketErrorCode;
            return null;
        }
    }

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint)
    {
        try
        {
            socket.Socket!.Connect(endPoint);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            // A non-blocking connect in progress is WouldBlock.
            return exception.SocketErrorCode;
        }
    }

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => SocketTuning.IsOwnPeer(socket.Socket!, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error) =>
        socket.Socket!.Receive(into, SocketFlags.None, out error);

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error) =>
        socket.Socket!.Send(from, SocketFlags.None, out error);

    public void ShutdownSend(Descriptor socket)
    {
        try
        {
            socket.Socket!.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection is already gone.
        }
    }

    public void ResetOnClose(Descriptor socket)
    {
        try
        {
            socket.Socket!.LingerState = new LingerOption(true, 0);
        }
        catch (SocketException)
        {
            // The connection is already gone.
        }
    }

    public SocketError ErrorOf(Descriptor socket)
    {
        try
        {
            return (SocketError)(int)socket.Socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        }
        catch (SocketException exception)
        {
            // Some systems return no information about a connection that is gone.
            return exception.SocketErrorCode;
        }
    }

    private SocketError HasDescriptorLeft()
    {
        try
        {
            using Descriptor probe = new(new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified));
            return probe.Number < _acceptBelow ? SocketError.Success : SocketError.TooManyOpenSockets;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}
