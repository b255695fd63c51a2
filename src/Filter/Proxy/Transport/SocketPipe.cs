using System.IO.Pipelines;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A connected socket as a duplex pipe on a loop. Bytes go straight between the socket and the reader's or the caller's
/// own memory; socket errors come out as ends, never as exceptions. Belongs to the loop's thread.
/// </summary>
internal sealed class SocketPipe : IDuplexPipe, IReadyHandler
{
    private readonly Descriptor socket;
    private readonly ISocketCalls calls;
    private readonly Watch watch;
    private readonly SocketReader reader;
    private readonly SocketWriter writer;
    private bool closed;

    /// <param name="loop">The loop that owns it from now on.</param>
    /// <param name="socket">A connected, non-blocking socket; the pipe closes it.</param>
    /// <exception cref="IOException">The system has no room for another watch; the socket stays the caller's.</exception>
    public SocketPipe(Loop loop, Descriptor socket)
    {
        this.socket = socket;
        Loop = loop;
        calls = loop.Calls;
        reader = new SocketReader(this, loop.Buffers);
        writer = new SocketWriter(this, loop.Buffers);
        watch = loop.Watch(socket, this, Interest.Read);
    }

    public PipeReader Input => reader;

    public PipeWriter Output => writer;

    public Loop Loop { get; }

    /// <summary>How the peer's bytes ended; <see cref="InputEnd.Open"/> until that was seen.</summary>
    public InputEnd InputEnd => reader.End;

    /// <summary>
    /// True once anything at all, an end included, has come in that nobody has read: a connection that is kept for later
    /// is then not worth having.
    /// </summary>
    public bool IsStirred => closed || IsUnwatched || reader.IsStirred;

    /// <summary>
    /// Makes this connection wait for the loop's time behind all others, together with the others of its kind. What it sends
    /// is read as before, only later.
    /// </summary>
    public bool IsSlow
    {
        get => reader.IsSlow;
        set => reader.IsSlow = value;
    }

    /// <summary>True when the next read is answered at once: what is to be sent can wait for what it brings.</summary>
    public bool IsAhead => reader.IsAhead;

    /// <summary>True while a write waits for the peer to take more: nothing else can be written.</summary>
    public bool IsSending => writer.IsWaiting;

    /// <summary>While <see cref="IsSending"/>: when the peer last took something, as a timestamp of the loop's clock.</summary>
    public long SendsSince => writer.WaitsSince;

    /// <summary>True when the loop tells nothing more about the socket: it has hung up, every call returns at once.</summary>
    internal bool IsUnwatched { get; private set; }

    /// <summary>
    /// Looks whether the connection is still there, in a wait in which nobody reads it: whoever reads is told. If it is not,
    /// <see cref="InputEnd"/> says so from then on.
    /// </summary>
    public bool IsStillThere()
    {
        if (InputEnd == InputEnd.Open && (IsUnwatched || calls.ErrorOf(socket) != SocketError.Success)) reader.Lose();
        return InputEnd == InputEnd.Open;
    }

    /// <summary>
    /// Closes both directions. Bytes already sent still arrive, unless the peer's own were left unread. The one who reads and
    /// the one who writes give their buffers back by completing <see cref="Input"/> and <see cref="Output"/>.
    /// </summary>
    public void Close() => Close(reset: false);

    /// <summary>Closes with a reset, so that the peer cannot take what it has for the whole.</summary>
    public void Abort() => Close(reset: true);

    void IReadyHandler.OnReadable() => reader.OnReadable();

    void IReadyHandler.OnWritable() => writer.OnWritable();

    void IReadyHandler.OnHungUp()
    {
        // Told again and again as long as it is watched, and nothing else will ever be told.
        IsUnwatched = true;
        watch.Close();
        reader.OnReadable();
        if (!closed) writer.OnWritable();
    }

    void IReadyHandler.OnFault() => Abort();

    internal int Receive(Span<byte> into, out SocketError error)
    {
        if (!closed) return calls.Receive(socket, into, out error);
        error = SocketError.NotConnected;
        return 0;
    }

    internal int Send(ReadOnlySpan<byte> from, out SocketError error)
    {
        if (!closed) return calls.Send(socket, from, out error);
        error = SocketError.NotConnected;
        return 0;
    }

    internal void Want(Interest interest) => watch.Want(interest);

    internal void Drop(Interest interest) => watch.Drop(interest);

    internal void ShutdownSend()
    {
        if (!closed) calls.ShutdownSend(socket);
    }

    private void Close(bool reset)
    {
        if (closed) return;
        closed = true;
        watch.Close();
        reader.Close();
        // Linger 0 makes close(2) send a reset.
        if (reset) calls.ResetOnClose(socket);
        socket.Dispose();
        // Whoever waits learns of it after the present event: the one who closes is often inside the other's call.
        Loop.Defer(() =>
        {
            reader.OnClosed();
            writer.OnClosed();
        });
    }
}
