using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>.NET's socket calls, with their errors as values: they work on every system. Belongs to the loop's thread.</summary>
internal sealed class SocketCalls : ISocketCalls
{
    public Descriptor? Accept(Descriptor listener, out SocketError error)
    {
        Socket? socket = null;
        try
        {
            socket = listener.Socket!.Accept();
            SocketTuning.TuneAccepted(socket);
            error = SocketError.Success;
            return new Descriptor(socket, SocketTuning.RemoteAddress(socket));
        }
        catch (SocketException failure)
        {
            // .NET tells even the ordinary "there is none" in no other way. A client that gave up while its options were
            // set is one that nobody needs to hear of.
            error = socket is null ? failure.SocketErrorCode : SocketError.ConnectionAborted;
            socket?.Dispose();
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
        catch (SocketException failure)
        {
            // No descriptor for another socket.
            socket?.Dispose();
            error = failure.SocketErrorCode;
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
        catch (SocketException failure)
        {
            // A non-blocking connect that is under way is told as WouldBlock.
            return failure.SocketErrorCode;
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
            // Not connected any more: the peer knows already.
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
            // The peer was quicker; a close is all that is left to do.
        }
    }

    public SocketError ErrorOf(Descriptor socket)
    {
        try
        {
            return (SocketError)(int)socket.Socket!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        }
        catch (SocketException failure)
        {
            // Some systems answer no more questions about a connection that is gone.
            return failure.SocketErrorCode;
        }
    }
}
