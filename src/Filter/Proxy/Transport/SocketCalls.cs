using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>.NET's socket calls, with errors as values; they work on every system. Belongs to the loop's
/// thread.</summary>
internal sealed class SocketCalls : ISocketCalls
{
    // macOS takes a connection from the backlog before it allocates a descriptor, and drops it if there is none.
    private readonly bool _checksFirst = OperatingSystem.IsMacOS();

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
            IPEndPoint? peer = SocketTuning.RemoteEndPoint(socket);
            return new Descriptor(socket, peer?.Address, peer?.Port ?? 0);
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
            error = SocketError.Success;
            return new Descriptor(socket);
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

    private static SocketError HasDescriptorLeft()
    {
        try
        {
            using Socket probe = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            return SocketError.Success;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode;
        }
    }
}

/// <summary>.NET's socket calls for sockets with asynchronous operations (<see cref="AsyncSocket"/>). Belongs to the
/// loop's thread.</summary>
internal sealed class AsyncSocketCalls : ISocketCalls
{
    private readonly SocketCalls _calls = new();

    public Descriptor? Accept(Descriptor listener, out SocketError error) => _calls.Accept(listener, out error);

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error) => _calls.Open(endPoint, out error);

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint) => Of(socket).Connect(endPoint);

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => _calls.IsOwnPeer(socket, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error) =>
        Of(socket).Receive(into, out error);

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error) =>
        Of(socket).Send(from, out error);

    public void ShutdownSend(Descriptor socket) => Of(socket).ShutdownSend();

    public void ResetOnClose(Descriptor socket)
    {
        Of(socket).ResetOnClose();
        _calls.ResetOnClose(socket);
    }

    public SocketError ErrorOf(Descriptor socket)
    {
        SocketError error = Of(socket).Error;
        return error == SocketError.Success ? _calls.ErrorOf(socket) : error;
    }

    private static AsyncSocket Of(Descriptor socket) => socket.Async ??= new AsyncSocket(socket.Socket!);
}
