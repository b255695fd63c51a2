using System.IO.Pipelines;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A connected socket as a duplex pipe on a loop. Bytes go straight between the socket and the reader's or the caller's
/// own memory; socket errors come out as ends, never as exceptions. Belongs to the loop's thread.
/// </summary>
internal sealed class SocketPipe : IDuplexPipe, IReadyHandler
{
    private readonly Descriptor _socket;
    private readonly ISocketCalls _calls;
    private readonly Registration _watch;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private bool _closed;

    /// <param name="loop">The loop that owns it from now on.</param>
    /// <param name="socket">A connected, non-blocking socket; the pipe closes it.</param>
    /// <exception cref="IOException">The system has no room for another watch; the socket stays the
    /// caller's.</exception>
    public SocketPipe(Loop loop, Descriptor socket)
    {
        _socket = socket;
        Loop = loop;
        _calls = loop.Calls;
        _reader = new SocketReader(this, loop.Buffers);
        _writer = new SocketWriter(this, loop.Buffers);
        _watch = loop.Watch(socket, this, Interest.Read);
    }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public Loop Loop { get; }

    /// <summary>How the peer's bytes ended; <see cref="InputEnd.Open"/> until that was seen.</summary>
    public InputEnd InputEnd => _reader.End;

    /// <summary>
    /// True once anything at all, an end included, has come in that nobody has read: a connection that is kept for
    /// later is then not worth having.
    /// </summary>
    public bool HasPendingInput => _closed || HasHungUp || _reader.HasPendingInput;

    /// <summary>
    /// Makes this connection wait for the loop's time behind all others, together with the others of its kind. What it
    /// sends is read as before, only later.
    /// </summary>
    public bool IsSlow
    {
        get => _reader.IsSlow;
        set => _reader.IsSlow = value;
    }

    /// <summary>True when the next read is answered at once: what is to be sent can wait for what it brings.</summary>
    public bool CanReadNow => _reader.CanReadNow;

    /// <summary>True while a write waits for the peer to take more: nothing else can be written.</summary>
    public bool IsSending => _writer.IsWaiting;

    /// <summary>While <see cref="IsSending"/>: when the peer last took something, as a timestamp of the loop's
    /// clock.</summary>
    public long StalledSince => _writer.StalledSince;

    /// <summary>True when the loop tells nothing more about the socket: it has hung up, every call returns at
    /// once.</summary>
    internal bool HasHungUp { get; private set; }

    /// <summary>
    /// Looks whether the connection is still there, in a wait in which nobody reads it: whoever reads is told. If it is
    /// not, <see cref="InputEnd"/> says so from then on.
    /// </summary>
    public bool CheckConnected()
    {
        if (InputEnd == InputEnd.Open && (HasHungUp || _calls.ErrorOf(_socket) != SocketError.Success))
            _reader.Lose();
        return InputEnd == InputEnd.Open;
    }

    /// <summary>
    /// Closes both directions. Bytes already sent still arrive, unless the peer's own were left unread. The one who
    /// reads and the one who writes give their buffers back by completing <see cref="Input"/> and <see cref="Output"/>.
    /// </summary>
    public void Close() => Close(reset: false);

    /// <summary>Closes with a reset, so that the peer cannot take what it has for the whole.</summary>
    public void Abort() => Close(reset: true);

    void IReadyHandler.OnReadable() => _reader.OnReadable();

    void IReadyHandler.OnWritable() => _writer.OnWritable();

    void IReadyHandler.OnHungUp()
    {
        // Told again and again as long as it is watched, and nothing else will ever be told.
        HasHungUp = true;
        _watch.Close();
        _reader.OnReadable();
        if (!_closed)
            _writer.OnWritable();
    }

    void IReadyHandler.OnFault() => Abort();

    internal int Receive(Span<byte> into, out SocketError error)
    {
        if (!_closed)
            return _calls.Receive(_socket, into, out error);
        error = SocketError.NotConnected;
        return 0;
    }

    internal int Send(ReadOnlySpan<byte> from, out SocketError error)
    {
        if (!_closed)
            return _calls.Send(_socket, from, out error);
        error = SocketError.NotConnected;
        return 0;
    }

    internal void Want(Interest interest) => _watch.Want(interest);

    internal void Drop(Interest interest) => _watch.Drop(interest);

    internal void ShutdownSend()
    {
        if (!_closed)
            _calls.ShutdownSend(_socket);
    }

    private void Close(bool reset)
    {
        if (_closed)
            return;
        _closed = true;
        _watch.Close();
        _reader.Close();
        // Linger 0 makes close(2) send a reset.
        if (reset)
            _calls.ResetOnClose(_socket);
        _socket.Dispose();
        // Whoever waits learns of it after the present event: the one who closes is often inside the other's call.
        Loop.Defer(() =>
        {
            _reader.OnClosed();
            _writer.OnClosed();
        });
    }
}

/// <summary>How the bytes from a peer came to their end, if they have.</summary>
internal enum InputEnd
{
    /// <summary>More may come.</summary>
    Open,

    /// <summary>The peer has sent all that it will (FIN); it may still be reading.</summary>
    Finished,

    /// <summary>The connection is gone: reset by the peer, or given up by keepalive.</summary>
    Lost,

    /// <summary>This side has closed it.</summary>
    Closed,
}
