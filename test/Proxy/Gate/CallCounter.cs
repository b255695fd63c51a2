using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Gate;

/// <summary>The system's socket calls, counted. The counts may be read on any thread.</summary>
internal sealed class CallCounter(ISocketCalls real) : ISocketCalls
{
    private int _sends;
    private long _receivedBytes;

    public int Sends => Volatile.Read(ref _sends);

    public long ReceivedBytes => Interlocked.Read(ref _receivedBytes);

    public Descriptor? Accept(Descriptor listener, out SocketError error) => real.Accept(listener, out error);

    public Descriptor? Open(IPEndPoint endPoint, out SocketError error) => real.Open(endPoint, out error);

    public SocketError Connect(Descriptor socket, IPEndPoint endPoint) => real.Connect(socket, endPoint);

    public bool IsOwnPeer(Descriptor socket, IPEndPoint endPoint) => real.IsOwnPeer(socket, endPoint);

    public int Receive(Descriptor socket, Span<byte> into, out SocketError error)
    {
        int count = real.Receive(socket, into, out error);
        Interlocked.Add(ref _receivedBytes, count);
        return count;
    }

    public int Send(Descriptor socket, ReadOnlySpan<byte> from, out SocketError error)
    {
        Interlocked.Increment(ref _sends);
        return real.Send(socket, from, out error);
    }

    public void ShutdownSend(Descriptor socket) => real.ShutdownSend(socket);

    public void ResetOnClose(Descriptor socket) => real.ResetOnClose(socket);

    public SocketError ErrorOf(Descriptor socket) => real.ErrorOf(socket);
}
