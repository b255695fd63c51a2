using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>An upstream that sends a response on each new connection before any request, until
/// <see cref="RespondNormally"/> is called.</summary>
internal sealed class PrematureUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _response;
    private volatile bool _isNormal;
    private int _premature;

    public PrematureUpstream(byte[] response)
    {
        _response = response;
        _listener.Start();
        _ = AcceptedConnections.ServeAsync(_listener.Server, ServeAsync);
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connections that got a response without a request.</summary>
    public int PrematureResponses => Volatile.Read(ref _premature);

    public void RespondNormally() => _isNormal = true;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                if (_isNormal)
                {
                    while (await socket.ReceiveAsync(new byte[4096]) > 0)
                        await socket.SendAsync(Encoding.ASCII.GetBytes(Scene.Ok));
                    return;
                }
                await socket.SendAsync(_response);
                Interlocked.Increment(ref _premature);
                while (await socket.ReceiveAsync(new byte[4096]) > 0)
                    ;
            }
            catch (SocketException)
            {
                // The gate closed the connection.
            }
        }
    }
}
