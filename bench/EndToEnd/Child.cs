using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.EndToEnd;

/// <summary>A process that this one started and ends again.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process process;

    private Child(Process process) => this.process = process;

    public StreamReader Output => process.StandardOutput;

    public static Child Start(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        // Nobody reads it, but a full pipe would stop the writer.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return new Child(process);
    }

    /// <summary>Waits until something accepts connections there.</summary>
    /// <exception cref="TimeoutException">Nothing did within ten seconds.</exception>
    public static void AwaitPort(IPEndPoint endPoint)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
        {
            using Socket probe = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(endPoint);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
                Thread.Sleep(20);
            }
        }
        throw new TimeoutException($"Nothing listens on {endPoint}.");
    }

    /// <summary>A loopback port that was free a moment ago.</summary>
    public static IPEndPoint FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
