using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Demo;

/// <summary>
/// A small stand-in for Ollama on a loopback port, on a thread of its own: the routes that clients use first, with
/// answers of Ollama's shape and a model that says one sentence. Any thread may call it.
/// </summary>
internal sealed partial class StandIn : IAsyncDisposable
{
    private readonly Loop _loop;
    private readonly ILogger _log;
    private readonly Action _seen;
    private readonly HashSet<StandInSession> _sessions = [];
    private Acceptor? _acceptor;
    private long _requests;

    private StandIn(Loop loop, IPEndPoint endPoint, ILogger log)
    {
        _loop = loop;
        _log = log;
        EndPoint = endPoint;
        _seen = () => Interlocked.Increment(ref _requests);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>The request heads that have come in, well-formed or not.</summary>
    public long Requests => Interlocked.Read(ref _requests);

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
        await _loop.PostAsync(Close);
        _loop.Stop();
        await _loop.Stopped;
        _loop.Dispose();
    }

    private bool Open(Socket listener)
    {
        _acceptor = new Acceptor(_loop, new Descriptor(listener), _log);
        _ = AcceptAsync(_acceptor);
        return true;
    }

    private bool Close()
    {
        _acceptor!.Close();
        foreach (StandInSession session in _sessions)
            session.Close();
        return true;
    }

    private async Task AcceptAsync(Acceptor door)
    {
        while (await door.AcceptAsync() is { } socket)
            _ = ServeAsync(socket);
    }

    private async Task ServeAsync(Descriptor socket)
    {
        if (TryWatch(socket) is not { } pipe)
            return;
        using StandInSession session = new(pipe, _seen);
        // Before it runs: a session that is quick removes itself again.
        _sessions.Add(session);
        try
        {
            await session.RunAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A fault in the stand-in must not look like one of the gate.
            Log.Unexpected(_log, fault);
        }
        _sessions.Remove(session);
    }

    private SocketPipe? TryWatch(Descriptor socket)
    {
        try
        {
            return new SocketPipe(_loop, socket);
        }
        catch (IOException shortage)
        {
            // The system has no room for another watch, and the socket is still ours.
            Log.NoRoom(_log, shortage.Message);
            socket.Dispose();
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            600,
            LogLevel.Warning,
            "The stand-in for Ollama closed a connection, since the system has no room for it: {Reason}."
        )]
        public static partial void NoRoom(ILogger logger, string reason);

        [LoggerMessage(
            601,
            LogLevel.Error,
            "An unexpected fault in the stand-in for Ollama ended one of its connections."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
