using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Abuse;

/// <summary>Clients that request an endless response and read none of it.</summary>
internal sealed class NeverReaders : IDisposable
{
    private readonly List<Socket> _sockets = [];

    /// <param name="gate">Where the clients connect.</param>
    /// <param name="count">How many clients, 100 per address.</param>
    /// <param name="firstPeer">The number of the first address.</param>
    public static NeverReaders Start(IPEndPoint gate, int count, int firstPeer)
    {
        NeverReaders readers = new();
        for (int i = 0; i < count; i++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                ReceiveBufferSize = 4096,
            };
            socket.Bind(new IPEndPoint(Peers.Number(firstPeer + (i / 100)), 0));
            socket.Connect(gate);
            socket.Send(
                new CheckedRequest(
                    "POST",
                    "/v1/chat/completions",
                    new ResponsePlan(i, ResponseFraming.Endless, 0, 1)
                ).Wire()
            );
            readers._sockets.Add(socket);
        }
        return readers;
    }

    /// <summary>The number of clients with unread bytes.</summary>
    public int WithUnreadBytes => _sockets.Count(socket => socket.Available > 0);

    public void Dispose()
    {
        foreach (Socket socket in _sockets)
            socket.Dispose();
    }
}
