using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// What a backend must show on a connected loopback pair before it is trusted: readable, writable, quiet when not
/// asked, a half-close seen, a wake-up from another thread, and sleep when there is nothing to tell. Its socket calls
/// must connect and accept. A signal may end any wait early, so a wait that reports nothing is repeated until the time
/// limit.
/// </summary>
internal static class ReadinessCheck
{
    internal const int LimitMilliseconds = 2000;

    private const long Key = (7L << 32) | 3;
    private const int SleepMilliseconds = 20;

    /// <returns>What did not work; empty when all did.</returns>
    /// <param name="backend">A backend that watches nothing yet, and does so again afterwards.</param>
    /// <param name="limitMilliseconds">How long one step may take.</param>
    public static string Run(IReadiness backend, int limitMilliseconds = LimitMilliseconds)
    {
        string problem = RunPair(backend, limitMilliseconds);
        return problem.Length > 0 ? problem : RunCalls(backend, limitMilliseconds);
    }

    private static string RunPair(IReadiness backend, int limit)
    {
        using Socket listener = Listen();
        using Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        using Socket far = listener.Accept();
        return Run(backend, new Descriptor(near), far, limit);
    }

    private static Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        return listener;
    }

    // Open, connect and accept, as a gate does.
    private static string RunCalls(IReadiness backend, int limit)
    {
        ISocketCalls calls = backend.Calls;
        using Descriptor listener = new(Listen());
        listener.Socket!.Blocking = false;
        IPEndPoint endPoint = (IPEndPoint)listener.Socket.LocalEndPoint!;
        using Descriptor? near = calls.Open(endPoint, out SocketError error);
        if (near is null)
            return $"a socket cannot be opened ({error})";
        error = calls.Connect(near, endPoint);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            return $"a connect fails ({error})";
        backend.Add(listener, Key, Interest.Read);
        bool isTold = Reports(backend, Interest.Read, limit);
        backend.Remove(listener, Interest.Read);
        if (!isTold)
            return "a waiting connection is not told";
        using Descriptor? far = calls.Accept(listener, out error);
        if (far is null)
            return $"a waiting connection cannot be accepted ({error})";
        if (!IPAddress.Loopback.Equals(far.Peer))
            return "an accepted connection has the wrong peer address";
        if (calls is MacCalls && !(MacCalls.IsTuned(near) && MacCalls.IsTuned(far)))
            return "a socket is not both non-blocking and close-on-exec";
        if (calls.Accept(listener, out error) is not null || error != SocketError.WouldBlock)
            return $"an empty backlog is not told as such ({error})";
        return calls.ErrorOf(near) == SocketError.Success ? "" : "a connected socket has an error";
    }

    private static string Run(IReadiness backend, Descriptor near, Socket far, int limit)
    {
        near.Socket!.Blocking = false;
        backend.Add(near, Key, Interest.Read);
        try
        {
            if (Wait(backend, 0).Length > 0)
                return "a silent socket is told as readable";
            far.Send([1]);
            if (!Reports(backend, Interest.Read, limit))
                return "bytes are not told";
            if (!Reports(backend, Interest.Read, limit))
                return "bytes that were left are not told again";
            if (backend.Calls.Receive(near, new byte[2], out _) != 1)
                return "bytes that were told cannot be received";
            if (backend.Calls.Receive(near, new byte[2], out SocketError none) != 0 || none != SocketError.WouldBlock)
                return "there being no bytes is not told as such";
            backend.Change(near, Key, Interest.Read, Interest.Write);
            if (!Reports(backend, Interest.Write, limit))
                return "a free socket is not told as writable";
            if (backend.Calls.Send(near, new byte[1], out _) != 1)
                return "bytes cannot be sent";
            backend.Change(near, Key, Interest.Write, Interest.None);
            if (Wait(backend, 0).Length > 0)
                return "a socket is told that nobody asks about";
            backend.Change(near, Key, Interest.None, Interest.Read);
            far.Shutdown(SocketShutdown.Send);
            if (!Reports(backend, Interest.Read, limit))
                return "a half-close is not told";
            backend.Change(near, Key, Interest.Read, Interest.None);
        }
        finally
        {
            backend.Remove(near, Interest.None);
        }
        if (!Wakes(backend, limit))
            return "a wake-up from another thread does not arrive";
        return Sleeps(backend) ? "" : "a wait ends at once though there is nothing to tell";
    }

    private static bool Wakes(IReadiness backend, int limit)
    {
        long began = Environment.TickCount64;
        Thread waker = new(backend.Wake);
        Loop.StartThread(waker);
        backend.Wait(new Readiness[4], limit);
        waker.Join();
        // Well before the limit: clocks are coarse, and a wait may end a tick early.
        return Environment.TickCount64 - began < limit * 3 / 4;
    }

    // A backend that never sleeps would burn a processor. Signals may end some of the waits; of many attempts one would
    // look like sleep because another process had the processor.
    private static bool Sleeps(IReadiness backend)
    {
        for (int attempt = 0; attempt < 5; attempt++)
        {
            long began = Stopwatch.GetTimestamp();
            int count = backend.Wait(new Readiness[4], SleepMilliseconds);
            if (count == 0 && Stopwatch.GetElapsedTime(began).TotalMilliseconds > SleepMilliseconds / 2)
                return true;
        }
        return false;
    }

    private static bool Reports(IReadiness backend, Interest interest, int limit)
    {
        long end = Environment.TickCount64 + limit;
        for (long left = limit; left > 0; left = end - Environment.TickCount64)
        {
            Readiness[] told = Wait(backend, (int)left);
            if (told.Length > 0)
                return told is [var one] && one.Key == Key && (one.Ready & interest) != 0;
        }
        return false;
    }

    private static Readiness[] Wait(IReadiness backend, int milliseconds)
    {
        Readiness[] ready = new Readiness[4];
        return ready[..backend.Wait(ready, milliseconds)];
    }
}
