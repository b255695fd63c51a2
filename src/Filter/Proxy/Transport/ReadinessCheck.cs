using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The self-check that a backend must pass on a connected loopback pair before it is used: it reports readable and
/// writable sockets and a half-close, stays quiet without interest, wakes up from another thread, and sleeps when
/// nothing is ready. Its socket calls must connect and accept. A signal may end any wait early, so a wait that reports
/// nothing is repeated until the time limit.
/// </summary>
internal static class ReadinessCheck
{
    internal const int LimitMilliseconds = 2000;

    // Short, because a gate that starts waits for it, and twice, because a backend that never sleeps can look asleep
    // once, while another process has the processor.
    internal const int SleepMilliseconds = 1;
    private const int Sleeps = 2;
    private const int SleepAttempts = 8;
    private const int MoreWakes = 2;

    private const long Key = (7L << 32) | 3;

    /// <returns>What did not work; empty if everything did.</returns>
    /// <param name="backend">A backend that watches nothing, before and after.</param>
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

    // Opens, connects and accepts as the gate does.
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
        bool isReported = Reports(backend, Interest.Read, limit);
        backend.Remove(listener, Interest.Read);
        if (!isReported)
            return "a waiting connection is not reported";
        using Descriptor? far = calls.Accept(listener, out error);
        if (far is null)
            return $"a waiting connection cannot be accepted ({error})";
        if (!IPAddress.Loopback.Equals(far.Peer))
            return "an accepted connection has the wrong peer address";
        if (calls is MacCalls && !(MacCalls.IsTuned(near) && MacCalls.IsTuned(far)))
            return "a socket is not both non-blocking and close-on-exec";
        if (calls.Accept(listener, out error) is not null || error != SocketError.WouldBlock)
            return $"an empty backlog is not reported as such ({error})";
        return calls.ErrorOf(near) == SocketError.Success ? "" : "a connected socket has an error";
    }

    private static string Run(IReadiness backend, Descriptor near, Socket far, int limit)
    {
        near.Socket!.Blocking = false;
        backend.Add(near, Key, Interest.Read);
        try
        {
            if (Wait(backend, 0).Length > 0)
                return "a silent socket is reported as readable";
            far.Send([1]);
            if (!Reports(backend, Interest.Read, limit))
                return "bytes are not reported";
            if (!Reports(backend, Interest.Read, limit))
                return "bytes left unread are not reported again";
            if (backend.Calls.Receive(near, new byte[2], out _) != 1)
                return "reported bytes cannot be received";
            if (backend.Calls.Receive(near, new byte[2], out SocketError empty) != 0 || empty != SocketError.WouldBlock)
                return "the absence of bytes is not reported as such";
            backend.Change(near, Key, Interest.Read, Interest.Write);
            if (!Reports(backend, Interest.Write, limit))
                return "a writable socket is not reported as such";
            if (backend.Calls.Send(near, new byte[1], out _) != 1)
                return "bytes cannot be sent";
            backend.Change(near, Key, Interest.Write, Interest.None);
            if (Wait(backend, 0).Length > 0)
                return "a socket without interest is reported";
            backend.Change(near, Key, Interest.None, Interest.Read);
            far.Shutdown(SocketShutdown.Send);
            if (!Reports(backend, Interest.Read, limit))
                return "a half-close is not reported";
            backend.Change(near, Key, Interest.Read, Interest.None);
        }
        finally
        {
            backend.Remove(near, Interest.None);
        }
        if (!Wakes(backend, limit))
            return "a wake-up from another thread does not arrive";
        return CanSleep(backend) ? "" : "a wait ends at once although nothing is ready";
    }

    private static bool Wakes(IReadiness backend, int limit)
    {
        Thread waker = new(backend.Wake);
        Loop.StartThread(waker);
        bool isWoken = EndsEarly(backend, limit);
        waker.Join();
        // A signal also ends a wait, but hardly each of these.
        for (int i = 0; i < MoreWakes && isWoken; i++)
        {
            backend.Wake();
            isWoken = EndsEarly(backend, limit);
        }
        return isWoken;
    }

    private static bool EndsEarly(IReadiness backend, int limit)
    {
        long began = Environment.TickCount64;
        backend.Wait(new Readiness[4], limit);
        // Clearly before the limit: clocks are coarse, and a wait may end a tick early.
        return Environment.TickCount64 - began < limit * 3 / 4;
    }

    // A backend that never sleeps would burn a processor core. Signals may end some waits.
    private static bool CanSleep(IReadiness backend)
    {
        int sleeps = 0;
        for (int attempt = 0; attempt < SleepAttempts && sleeps < Sleeps; attempt++)
        {
            long began = Stopwatch.GetTimestamp();
            int count = backend.Wait(new Readiness[4], SleepMilliseconds);
            if (count == 0 && Stopwatch.GetElapsedTime(began).TotalMilliseconds > SleepMilliseconds / 2.0)
                sleeps++;
        }
        return sleeps == Sleeps;
    }

    private static bool Reports(IReadiness backend, Interest interest, int limit)
    {
        long end = Environment.TickCount64 + limit;
        for (long left = limit; left > 0; left = end - Environment.TickCount64)
        {
            Readiness[] ready = Wait(backend, (int)left);
            if (ready.Length > 0)
                return ready is [var only] && only.Key == Key && (only.Ready & interest) != 0;
        }
        return false;
    }

    private static Readiness[] Wait(IReadiness backend, int milliseconds)
    {
        Readiness[] ready = new Readiness[4];
        return ready[..backend.Wait(ready, milliseconds)];
    }
}
