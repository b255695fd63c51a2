using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Demo;

/// <summary>
/// A small stand-in for Ollama on a loopback port, on a thread of its own: the routes that clients use first, with answers
/// of Ollama's shape and a model that says one sentence. Any thread may call it.
/// </summary>
internal sealed partial class StandIn : IAsyncDisposable
{
    private readonly Loop loop;
    private readonly ILogger log;
    private readonly Action seen;
    private readonly HashSet<StandInSession> sessions = [];
    private Acceptor? acceptor;
    private long requests;

    private StandIn(Loop loop, IPEndPoint endPoint, ILogger log)
    {
        this.loop = loop;
        this.log = log;
        EndPoint = endPoint;
        seen = () => Interlocked.Increment(ref requests);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The request heads that have come in, well-formed or not.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <param name="backend">How the loop waits: one of <see cref="Backends.Names"/>.</param>
    /// <param name="time">The clock of tokens and timestamps.</param>
    /// <param name="log">The operational log.</param>
    /// <exception cref="IOException">There is no free port on 127.0.0.1.</exception>
    /// <exception cref="PlatformNotSupportedException">The backend that was asked for does not work here.</exception>
    public static async Task<StandIn> StartAsync(string backend, TimeProvider time, ILogger log)
    {
        Loop loop = new(Backends.Create(backend, log), time, log, "stand-in");
        ListenResult bound = ListenSocket.TryBind(new IPEndPoint(IPAddress.Loopback, 0));
        if (bound.Socket is not { } listener)
        {
            loop.Dispose();
            throw new IOException($"The stand-in for Ollama cannot listen on {bound.EndPoint}: {bound.Reason}.");
        }
        StandIn standIn = new(loop, bound.EndPoint, log);
        loop.Start();
        await loop.PostAsync(() => standIn.Open(listener));
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        await loop.PostAsync(Close);
        loop.Stop();
        await loop.Stopped;
        loop.Dispose();
    }

    private bool Open(Socket listener)
    {
        acceptor = new Acceptor(loop, new Descriptor(listener), log);
        _ = AcceptAsync(acceptor);
        return true;
    }

    private bool Close()
    {
        acceptor!.Close();
        foreach (StandInSession session in sessions) session.Close();
        return true;
    }

    private async Task AcceptAsync(Acceptor door)
    {
        while (await door.AcceptAsync() is { } socket) _ = ServeAsync(socket);
    }

    private async Task ServeAsync(Descriptor socket)
    {
        if (TryWatch(socket) is not { } pipe) return;
        using StandInSession session = new(pipe, seen);
        // Before it runs: a session that is quick removes itself again.
        sessions.Add(session);
        try
        {
            await session.RunAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A fault in the stand-in must not look like one of the gate.
            Log.Unexpected(log, fault);
        }
        sessions.Remove(session);
    }

    private SocketPipe? TryWatch(Descriptor socket)
    {
        try
        {
            return new SocketPipe(loop, socket);
        }
        catch (IOException shortage)
        {
            // The system has no room for another watch, and the socket is still ours.
            Log.NoRoom(log, shortage.Message);
            socket.Dispose();
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(600, LogLevel.Warning, "The stand-in for Ollama closed a connection, since the system has no room for it: {Reason}.")]
        public static partial void NoRoom(ILogger logger, string reason);

        [LoggerMessage(601, LogLevel.Error, "An unexpected fault in the stand-in for Ollama ended one of its connections.")]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
