using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>The system's own calls, with their errors as values.</summary>
internal sealed class SocketCalls : ISocketCalls
{
    public Socket? Accept(Socket listener, out SocketError error)
    {
        try
        {
            error = SocketError.Success;
            return listener.Accept();
        }
        catch (SocketException failure)
        {
            // .NET tells even the ordinary "there is none" in no other way.
            error = failure.SocketErrorCode;
            return null;
        }
    }

    public SocketError Connect(Socket socket, IPEndPoint endPoint)
    {
        if (OperatingSystem.IsLinux()) return LinuxConnect.Begin(socket, endPoint);
        try
        {
            socket.Connect(endPoint);
            return SocketError.Success;
        }
        catch (SocketException failure)
        {
            // A non-blocking connect that is under way is told as WouldBlock.
            return failure.SocketErrorCode;
        }
    }

    public int Receive(Socket socket, Span<byte> into, out SocketError error) =>
        socket.Receive(into, SocketFlags.None, out error);

    public int Send(Socket socket, ReadOnlySpan<byte> from, out SocketError error) =>
        socket.Send(from, SocketFlags.None, out error);
}
