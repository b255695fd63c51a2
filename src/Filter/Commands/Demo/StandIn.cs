using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Transport;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Demo;

/// <summary>
/// A minimal stand-in for Ollama on a loopback port, with a thread of its own: the routes that clients use first, with
/// responses in Ollama's format and a model that always returns the same sentence. Any thread may call it.
/// </summary>
internal sealed partial class StandIn : IAsyncDisposable
{
    private readonly Loop _loop;
    private readonly ILogger _log;
    private readonly Action _countRequest;
    private readonly HashSet<StandInSession> _sessions = [];
    private Acceptor? _acceptor;
    private long _requests;

    private StandIn(Loop loop, IPEndPoint endPoint, ILogger log)
    {
        _loop = loop;
        _log = log;
        EndPoint = endPoint;
        _countRequest = () => Interlocked.Increment(ref _requests);
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Number of request heads received, well-formed or not.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <param name="backend">One of <see cref="Backends.Names"/>.</param>
    /// <param name="time">The clock of tokens and timestamps.</param>
    /// <param name="log">The operational log.</param>
    /// <exception cref="IOException">No port on 127.0.0.1 is free.</exception>
    /// <exception cref="PlatformNotSupportedException">The requested backend does not work here.</exception>
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

    private async Task AcceptAsync(Acceptor acceptor)
    {
        while (await acceptor.AcceptAsync() is { } socket)
            _ = ServeAsync(socket);
    }

    private async Task ServeAsync(Descriptor socket)
    {
        if (TryRegister(socket) is not { } pipe)
            return;
        using StandInSession session = new(pipe, _countRequest);
        // Added before it runs, because a session may complete, and be removed, synchronously.
        _sessions.Add(session);
        try
        {
            await session.RunAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Logged here, so that a bug in the stand-in does not look like one in the gate.
            Log.Unexpected(_log, exception);
        }
        _sessions.Remove(session);
    }

    private SocketPipe? TryRegister(Descriptor socket)
    {
        try
        {
            return new SocketPipe(_loop, socket);
        }
        catch (IOException exception)
        {
            // The system cannot register another socket, and this one is still ours to close.
            Log.CannotRegister(_log, exception.Message);
            socket.Dispose();
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            600,
            LogLevel.Warning,
            "The stand-in for Ollama closed a connection because the system is out of resources: {Reason}"
        )]
        public static partial void CannotRegister(ILogger logger, string reason);

        [LoggerMessage(
            601,
            LogLevel.Error,
            "Unexpected error in the stand-in for Ollama; one of its connections was closed."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
