using System.Net.Sockets;

namespace FastGate.Test.Support;

/// <summary>Connects raw clients to Unix sockets.</summary>
internal static class UnixConnection
{
    public static async Task<RawClient> ConnectAsync(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).WithinDeadline();
        return new RawClient(new RawConnection(socket));
    }
}
