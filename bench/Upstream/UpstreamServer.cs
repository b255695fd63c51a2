using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.Upstream;

/// <summary>
/// The simplest stand-in for Ollama, in a process of its own: blocking threads that accept and respond. Writes its port
/// to standard output and exits at the end of standard input.
/// </summary>
internal static class UpstreamServer
{
    // Threads that wait for a connection, so that no connection has to wait for a thread to start.
    private const int WaitingMin = 64;
    private const int StackBytes = 256 * 1024;

    private static readonly SemaphoreSlim Needed = new(0);
    private static int waiting;

    public static int Run()
    {
        // Closed when the process exits: until then threads wait on it.
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        for (int i = 0; i < WaitingMin; i++)
            Start(listener);
        new Thread(() => StartMore(listener)) { IsBackground = true }.Start();
        Console.WriteLine(((IPEndPoint)listener.LocalEndPoint!).Port);
        while (Console.In.Read() >= 0)
        {
            // The parent process is still running.
        }
        return 0;
    }

    private static void StartMore(Socket listener)
    {
        while (true)
        {
            Needed.Wait();
            Start(listener);
        }
    }

    private static void Start(Socket listener)
    {
        Interlocked.Increment(ref waiting);
        new Thread(() => Serve(listener), StackBytes) { IsBackground = true }.Start();
    }

    private static void Serve(Socket listener)
    {
        byte[] buffer = new byte[UpstreamConnection.BufferBytes];
        // A surplus thread ends after its connection.
        do
        {
            Socket socket = listener.Accept();
            if (Interlocked.Decrement(ref waiting) < WaitingMin)
                Needed.Release();
            new UpstreamConnection(socket, buffer).Run();
        } while (Interlocked.Increment(ref waiting) <= 2 * WaitingMin);
        Interlocked.Decrement(ref waiting);
    }
}
