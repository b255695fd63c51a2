using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Proxy.Gate;

namespace FastGate.Test.Faults;

/// <summary>Answers each connection before it is asked, until it is told to be patient: then as it should.</summary>
internal sealed class ImpatientUpstream : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly byte[] answer;
    private volatile bool patient;
    private int impatient;

    public ImpatientUpstream(byte[] answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    public IPEndPoint Endpoint => (IPEndPoint)listener.LocalEndpoint;

    /// <summary>Connections that were answered unasked.</summary>
    public int Impatient => Volatile.Read(ref impatient);

    public void BePatient() => patient = true;

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                if (patient)
                {
                    while (await socket.ReceiveAsync(new byte[4096]) > 0) await socket.SendAsync(Encoding.ASCII.GetBytes(Scene.Ok));
                    return;
                }
                await socket.SendAsync(answer);
                Interlocked.Increment(ref impatient);
                while (await socket.ReceiveAsync(new byte[4096]) > 0) ;
            }
            catch (SocketException)
            {
                // The gate wants nothing of it.
            }
        }
    }
}
