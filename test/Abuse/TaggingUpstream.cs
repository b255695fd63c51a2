using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>
/// An upstream whose responses identify their requests, so that lost, crossed or altered responses are detected. It can
/// be restarted.
/// </summary>
internal sealed class TaggingUpstream : IDisposable
{
    // A client may notice a connection broken by a restart a little later.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(0.5);
    private static readonly byte[] Block = new byte[16 * 1024];

    private readonly ConcurrentDictionary<RawConnection, bool> _open = [];
    private Socket _listener;
    private long _accepted;
    private long _requests;
    private long _faults;
    private long _upSince;
    private volatile bool _isDown;

    public TaggingUpstream()
    {
        // Below the ephemeral ports: while this upstream is down, no client socket can take its address or connect to
        // itself.
        Endpoint = Ports.FreeEndPoint();
        _listener = Listen(Endpoint);
        _ = AcceptedConnections.ServeAsync(_listener, ServeAsync);
    }

    public IPEndPoint Endpoint { get; }

    /// <summary>Connections opened so far, including ready ones.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Requests received completely.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Malformed requests, which a gate must never send.</summary>
    public long Faults => Interlocked.Read(ref _faults);

    /// <summary>Awaited in the middle of every response.</summary>
    public Task Halfway { get; set; } = Task.CompletedTask;

    /// <summary>Whether a restart may have interrupted an exchange that began at this timestamp.</summary>
    public bool MayHaveInterrupted(long began) =>
        _isDown || Stopwatch.GetElapsedTime(Interlocked.Read(ref _upSince), began) < Grace;

    /// <summary>
    /// Refuses new connections and ends the open ones, by a reset or, as when a program exits, by a FIN.
    /// </summary>
    public void Stop(bool reset)
    {
        _isDown = true;
        _listener.Dispose();
        foreach (RawConnection connection in _open.Keys)
            End(connection, reset);
    }

    /// <summary>Listens on the same address again.</summary>
    public void Start()
    {
        _listener = Listen(Endpoint);
        _ = AcceptedConnections.ServeAsync(_listener, ServeAsync);
        Interlocked.Exchange(ref _upSince, Stopwatch.GetTimestamp());
        _isDown = false;
    }

    public void Dispose() => Stop(reset: true);

    private static void End(RawConnection connection, bool reset)
    {
        try
        {
            if (reset)
                connection.Abort();
            else
                connection.Dispose();
        }
        catch (ObjectDisposedException)
        {
            // The connection ended at the same moment.
        }
    }

    private static Socket Listen(IPEndPoint at)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at);
        socket.Listen(4096);
        return socket;
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        Interlocked.Increment(ref _accepted);
        RawConnection client = new(socket);
        _open[client] = true;
        try
        {
            bool isOpen = true;
            while (isOpen && await RequestReader.ReadAsync(client) is var (method, target, content))
            {
                Interlocked.Increment(ref _requests);
                isOpen = await RespondAsync(client, ResponsePlan.Of(target), method, target.Split('?')[0], content);
            }
        }
        catch (Exception exception)
            when (exception is SocketException or ObjectDisposedException or EndOfStreamException or TimeoutException)
        {
            // The gate's client disconnected, or this upstream was stopped.
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or ArgumentException)
        {
            Interlocked.Increment(ref _faults);
        }
        _open.TryRemove(client, out _);
        client.Dispose();
    }

    private async Task<bool> RespondAsync(
        RawConnection to,
        ResponsePlan plan,
        string method,
        string path,
        byte[] content
    )
    {
        byte[] response = TaggedResponse.Of(plan, method, path, content);
        await to.SendAsync(
            Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\n{FramingOf(plan.Form, response.Length)}\r\n\r\n")
        );
        while (plan.Form == ResponseFraming.Endless)
            await to.SendWithoutDeadlineAsync(Block);
        bool isSecondHalf = false;
        for (int at = 0; at < response.Length; at += plan.Step)
        {
            if (!isSecondHalf && at >= response.Length / 2)
            {
                isSecondHalf = true;
                await Halfway;
            }
            ReadOnlyMemory<byte> part = response.AsMemory(at, Math.Min(plan.Step, response.Length - at));
            await to.SendWithoutDeadlineAsync(plan.Form == ResponseFraming.Chunked ? Chunk(part) : part);
        }
        if (plan.Form == ResponseFraming.Chunked)
            await to.SendAsync("0\r\n\r\n"u8.ToArray());
        return plan.Form != ResponseFraming.UntilClose;
    }

    private static string FramingOf(ResponseFraming form, int length) =>
        form switch
        {
            ResponseFraming.Length => $"Content-Length: {length}",
            ResponseFraming.Chunked => "Transfer-Encoding: chunked",
            _ => "Connection: close",
        };

    private static byte[] Chunk(ReadOnlyMemory<byte> part) =>
        [.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part.Span, .. "\r\n"u8];
}
