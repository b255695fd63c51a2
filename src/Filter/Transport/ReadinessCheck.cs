using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>
/// What a backend must show on a connected loopback pair before it is trusted: readable, writable, quiet when not asked,
/// a half-close seen, a wake-up from another thread, and sleep when there is nothing to tell.
/// </summary>
internal static class ReadinessCheck
{
    private const int LimitMilliseconds = 2000;
    private const int SleepMilliseconds = 20;

    /// <returns>What did not work; empty when all did.</returns>
    /// <param name="backend">A backend that watches nothing yet, and does so again afterwards.</param>
    public static string Run(IReadiness backend)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        using Socket far = listener.Accept();
        return Run(backend, near, far);
    }

    private static string Run(IReadiness backend, Socket near, Socket far)
    {
        const long key = (7L << 32) | 3;
        backend.Add(near, key, Interest.Read);
        try
        {
            if (Wait(backend, 0).Length > 0) return "a silent socket is told as readable";
            far.Send([1]);
            if (!Tells(backend, key, Interest.Read)) return "bytes are not told";
            if (!Tells(backend, key, Interest.Read)) return "bytes that were left are not told again";
            near.Receive(new byte[1]);
            backend.Change(near, key, Interest.Read, Interest.Write);
            if (!Tells(backend, key, Interest.Write)) return "a free socket is not told as writable";
            backend.Change(near, key, Interest.Write, Interest.None);
            if (Wait(backend, 0).Length > 0) return "a socket is told that nobody asks about";
            backend.Change(near, key, Interest.None, Interest.Read);
            far.Shutdown(SocketShutdown.Send);
            if (!Tells(backend, key, Interest.Read)) return "a half-close is not told";
            backend.Change(near, key, Interest.Read, Interest.None);
        }
        finally
        {
            backend.Remove(near, Interest.None);
        }
        if (!Wakes(backend)) return "a wake-up from another thread does not arrive";
        return Sleeps(backend) ? "" : "a wait ends at once though there is nothing to tell";
    }

    private static bool Wakes(IReadiness backend)
    {
        long began = Environment.TickCount64;
        Thread waker = new(backend.Wake);
        waker.Start();
        backend.Wait(new Readiness[4], LimitMilliseconds);
        waker.Join();
        // Well before the limit: clocks are coarse, and a wait may end a tick early.
        return Environment.TickCount64 - began < LimitMilliseconds * 3 / 4;
    }

    // A backend that never sleeps would burn a processor. A signal may end one wait, or two.
    private static bool Sleeps(IReadiness backend)
    {
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long began = Stopwatch.GetTimestamp();
            int count = backend.Wait(new Readiness[4], SleepMilliseconds);
            if (count == 0 && Stopwatch.GetElapsedTime(began).TotalMilliseconds > SleepMilliseconds / 2) return true;
        }
        return false;
    }

    private static bool Tells(IReadiness backend, long key, Interest interest) =>
        Wait(backend, LimitMilliseconds) is [var told] && told.Key == key && (told.Ready & interest) != 0;

    private static Readiness[] Wait(IReadiness backend, int milliseconds)
    {
        Readiness[] ready = new Readiness[4];
        return ready[..backend.Wait(ready, milliseconds)];
    }
}
