using System.IO.Pipelines;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A connected socket as a duplex pipe on a loop. Bytes move directly between the socket and the reader's or the
/// caller's memory; a socket error is an end of input or output, never an exception. Belongs to the loop's thread.
/// </summary>
internal sealed class SocketPipe : IDuplexPipe, IReadyHandler
{
    private readonly Descriptor _socket;
    private readonly ISocketCalls _calls;
    private readonly Registration _registration;
    private readonly SocketReader _reader;
    private readonly SocketWriter _writer;
    private bool _closed;

    /// <param name="loop">The loop that owns the socket from now on.</param>
    /// <param name="socket">A connected, non-blocking socket; the pipe closes it.</param>
    /// <exception cref="IOException">The system cannot watch another socket; the caller keeps the socket.</exception>
    public SocketPipe(Loop loop, Descriptor socket)
    {
        _socket = socket;
        Loop = loop;
        _calls = loop.Calls;
        _reader = new SocketReader(this, loop.Buffers);
        _writer = new SocketWriter(this, loop.Buffers);
        _registration = loop.Watch(socket, this, Interest.Read);
    }

    public PipeReader Input => _reader;

    public PipeWriter Output => _writer;

    public Loop Loop { get; }

    /// <summary>The port of the client of an accepted connection.</summary>
    public int PeerPort => _socket.PeerPort;

    /// <summary>How the peer's bytes ended; <see cref="InputEnd.Open"/> until an end is seen.</summary>
    public InputEnd InputEnd => _reader.End;

    /// <summary>
    /// True once anything unread has arrived, including an end: an idle connection is then not worth keeping.
    /// </summary>
    public bool HasPendingInput => _closed || HasHungUp || _reader.HasPendingInput;

    /// <summary>
    /// Serves this connection in the slow lane, after all others. What the peer sends is still read, only later.
    /// </summary>
    public bool IsSlow
    {
        get => _reader.IsSlow;
        set => _reader.IsSlow = value;
    }

    /// <summary>True if the next read completes synchronously, so that pending output can be sent together with its
    /// result.</summary>
    public bool CanReadNow => _reader.CanReadNow;

    /// <summary>True while a write waits for the peer to accept more; nothing else can be written.</summary>
    public bool IsSending => _writer.IsWaiting;

    /// <summary>While <see cref="IsSending"/>: when the peer last accepted bytes, as a timestamp of the loop's
    /// clock.</summary>
    public long StalledSince => _writer.StalledSince;

    /// <summary>True once the socket has hung up: the loop no longer watches it, and every call on it returns at
    /// once.</summary>
    internal bool HasHungUp { get; private set; }

    /// <summary>
    /// Checks for a connection error while no read is pending; a pending read would learn of it by itself. After an
    /// error, <see cref="InputEnd"/> is <see cref="InputEnd.Lost"/>.
    /// </summary>
    public bool CheckConnected()
    {
        if (InputEnd == InputEnd.Open && (HasHungUp || _calls.ErrorOf(_socket) != SocketError.Success))
            _reader.MarkLost();
        return InputEnd == InputEnd.Open;
    }

    /// <summary>
    /// Closes both directions. Bytes already sent still arrive, unless bytes from the peer were left unread. The reader
    /// and the writer return their buffers by completing <see cref="Input"/> and <see cref="Output"/>.
    /// </summary>
    public void Close() => Close(reset: false);

    /// <summary>Closes with a reset, so that the peer cannot mistake a partial message for a complete one.</summary>
    public void Abort() => Close(reset: true);

    void IReadyHandler.OnReadable() => _reader.OnReadable();

    void IReadyHandler.OnWritable() => _writer.OnWritable();

    void IReadyHandler.OnHungUp()
    {
        // Reported on every wait while the socket is watched, and no other event will follow.
        HasHungUp = true;
        _registration.Close();
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

    internal int Send(ArraySegment<byte> first, ArraySegment<byte> second, out SocketError error)
    {
        if (!_closed)
            return _calls.Send(_socket, first, second, out error);
        error = SocketError.NotConnected;
        return 0;
    }

    internal void Want(Interest interest) => _registration.Want(interest);

    internal void Drop(Interest interest) => _registration.Drop(interest);

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
        _registration.CloseWithSocket();
        _reader.Close();
        // Linger 0 makes close(2) send a reset.
        if (reset)
            _calls.ResetOnClose(_socket);
        _socket.Dispose();
        // Pending calls complete after the current event, because the close often runs inside one of them.
        Loop.Defer(() =>
        {
            _reader.OnClosed();
            _writer.OnClosed();
        });
    }
}

/// <summary>How the bytes from a peer ended, if they have.</summary>
internal enum InputEnd
{
    /// <summary>More may come.</summary>
    Open,

    /// <summary>The peer has finished sending (FIN); it may still be reading.</summary>
    Finished,

    /// <summary>The connection is gone: reset by the peer, or ended by keepalive.</summary>
    Lost,

    /// <summary>This side closed the connection.</summary>
    Closed,
}
