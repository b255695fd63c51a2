using System.Net;
using System.Net.Sockets;

namespace FastGate.Test.Abuse;

/// <summary>
/// A separate listener that accepts and closes: a flood of connections to it costs the processors and the kernel as
/// much as a flood of the gate, without costing the gate any time.
/// </summary>
internal sealed class Decoy : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Thread _thread;

    public Decoy()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndPoint!;

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            while (true)
                _listener.Accept().Close(0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }
}
