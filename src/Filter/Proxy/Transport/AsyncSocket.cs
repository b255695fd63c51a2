using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A socket of the portable backend: turns .NET's asynchronous operations into readiness. Belongs to the loop's thread;
/// .NET completes operations on threads of its own.
/// </summary>
/// <remarks>
/// <para>Readable is a pending receive into no buffer, which takes no bytes. Writable has no such operation: a send of
/// nothing never waits. So when a send would block, a copy of the first bytes is sent asynchronously, and the caller's
/// next send, of the same bytes, returns how many of them were sent.</para>
/// <para>A pending operation can take a socket's only error (Linux clears SO_ERROR when it reports it), and what comes
/// after looks like the peer's FIN. So the error of a receive is kept, and a FIN counts only if no operation can have
/// taken an error.</para>
/// </remarks>
internal sealed class AsyncSocket(Socket socket)
{
    // What one asynchronous send copies. The system reports room only when a third of its own buffer is free, which is
    // more.
    private const int SendBytesMax = 16 * 1024;

    private readonly Socket _socket = socket;
    private SocketAsyncEventArgs? _receive;
    private SocketAsyncEventArgs? _send;
    private byte[]? _copy;

    // Bytes of the caller that have been sent and not yet been reported to it.
    private int _sentAhead;
    private bool _hasFinished;
    private bool _resets;

    // Written by the loop, and read by the threads that complete operations.
    private volatile bool _isClosed;

    // Written by the threads that complete operations, before they notify the backend.
    private volatile bool _isReceiving;
    private volatile bool _isSending;
    private volatile bool _isConnecting;
    private volatile int _error;
    private PortableReadiness? _owner;

    public long Key { get; private set; }

    public Interest Interest { get; set; }

    /// <summary>The socket is in the queue that the backend checks.</summary>
    public bool IsQueued { get; set; }

    /// <summary>The error that an operation took from the socket.</summary>
    public SocketError Error => (SocketError)_error;

    /// <summary>Starts reporting to a backend.</summary>
    /// <exception cref="IOException">The system cannot watch another socket.</exception>
    public void Watch(PortableReadiness owner, long key, Interest interest)
    {
        // The first operation registers the socket with .NET, which may fail; a connect has done so.
        if (!_isConnecting)
            HasInput();
        Key = key;
        Interest = interest;
        _owner = owner;
        // Either this thread sees the end of an operation, or its end sees the owner.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Returns what the socket is ready for, of its interest, and starts waiting for the rest.</summary>
    public Interest Find()
    {
        Interest found = Interest.None;
        if ((Interest & Interest.Read) != 0 && HasInput())
            found |= Interest.Read;
        if ((Interest & Interest.Write) != 0 && !_isSending)
            found |= Interest.Write;
        return found;
    }

    /// <returns>WouldBlock while the connect is in progress.</returns>
    public SocketError Connect(IPEndPoint endPoint)
    {
        _send ??= NewOperation();
        _send.RemoteEndPoint = endPoint;
        _isConnecting = _isSending = true;
        try
        {
            if (_socket.ConnectAsync(_send))
                return SocketError.WouldBlock;
        }
        catch (Exception exception) when (IsFailedRegistration(exception))
        {
            // The system cannot watch another socket.
            _isConnecting = _isSending = false;
            return SocketError.NoBufferSpaceAvailable;
        }
        EndSend();
        return _send.SocketError;
    }

    public int Receive(Span<byte> into, out SocketError error)
    {
        error = Error;
        if (error != SocketError.Success)
            return 0;
        // Read before the receive: an operation that is pending now can take the error that this receive misses.
        bool wasReceiving = _isReceiving;
        int count = _socket.Receive(into, SocketFlags.None, out error);
        if (error is not (SocketError.Success or SocketError.WouldBlock))
            _error = (int)error;
        if (count > 0 || error != SocketError.Success)
            return count;
        if (wasReceiving)
        {
            // The pending receive ends as well, with the error if there was one.
            error = SocketError.WouldBlock;
            return 0;
        }
        error = Error;
        // A send may have taken the error. Sending nothing fails on a connection that is gone, and only there.
        if (error == SocketError.Success && !_hasFinished)
            _socket.Send(ReadOnlySpan<byte>.Empty, SocketFlags.None, out error);
        if (error == SocketError.WouldBlock)
            error = SocketError.Success;
        _error = (int)error;
        return 0;
    }

    /// <summary>Sends; after WouldBlock, the next call must begin with the same bytes.</summary>
    public int Send(ReadOnlySpan<byte> from, out SocketError error)
    {
        error = SocketError.WouldBlock;
        if (_isSending)
            return 0;
        if (_copy is not null && !TryEndCopy(out error))
            return 0;
        if (_sentAhead > 0)
        {
            int known = Math.Min(_sentAhead, from.Length);
            _sentAhead -= known;
            error = SocketError.Success;
            return known;
        }
        int count = _socket.Send(from, SocketFlags.None, out error);
        return error == SocketError.WouldBlock ? SendCopy(from, out error) : count;
    }

    /// <summary>Sends a FIN; does nothing if the connection is already gone.</summary>
    public void ShutdownSend()
    {
        _hasFinished = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection is already gone.
        }
    }

    /// <summary>The next close sends a reset.</summary>
    public void ResetOnClose() => _resets = true;

    /// <summary>Must be called before the socket is closed.</summary>
    public void Close()
    {
        _isClosed = true;
        // .NET resets a connection that is closed while an operation is pending, unless its sending has been shut down.
        if ((_isReceiving || _isSending) && !_isConnecting && !_resets && !_hasFinished)
            ShutdownSend();
    }

    /// <summary>Frees the operations. Must be called after the socket is closed.</summary>
    public void Free()
    {
        if (!_isReceiving)
            _receive?.Dispose();
        if (!_isSending)
            _send?.Dispose();
    }

    // True if a receive would return something: bytes, an end or an error. If not, it waits for that.
    private bool HasInput()
    {
        if (Error != SocketError.Success)
            return true;
        if (_isReceiving)
            return false;
        _receive ??= NewOperation();
        _isReceiving = true;
        try
        {
            if (_socket.ReceiveAsync(_receive))
                return false;
        }
        catch (Exception exception) when (IsFailedRegistration(exception))
        {
            _isReceiving = false;
            throw new IOException("the system cannot watch another socket", exception);
        }
        EndReceive();
        return true;
    }

    private int SendCopy(ReadOnlySpan<byte> from, out SocketError error)
    {
        int length = Math.Min(from.Length, SendBytesMax);
        _copy = ArrayPool<byte>.Shared.Rent(length);
        from[..length].CopyTo(_copy);
        _send ??= NewOperation();
        _send.SetBuffer(_copy, 0, length);
        _isSending = true;
        if (_socket.SendAsync(_send))
        {
            error = SocketError.WouldBlock;
            return 0;
        }
        EndSend();
        if (!TryEndCopy(out error))
            return 0;
        int sent = _sentAhead;
        _sentAhead = 0;
        return sent;
    }

    private bool TryEndCopy(out SocketError error)
    {
        _sentAhead = _send!.BytesTransferred;
        error = _send.SocketError;
        _send.SetBuffer(null, 0, 0);
        ArrayPool<byte>.Shared.Return(_copy!);
        _copy = null;
        return error == SocketError.Success;
    }

    private SocketAsyncEventArgs NewOperation()
    {
        SocketAsyncEventArgs operation = new(unsafeSuppressExecutionContextFlow: true);
        operation.Completed += OnCompleted;
        return operation;
    }

    // On a thread of .NET's.
    private void OnCompleted(object? sender, SocketAsyncEventArgs operation)
    {
        if (operation == _receive)
            EndReceive();
        else
            EndSend();
        Interlocked.MemoryBarrier();
        if (_isClosed)
            operation.Dispose();
        else
            _owner?.Notify(this);
    }

    private void EndReceive()
    {
        if (_receive!.SocketError != SocketError.Success)
            _error = (int)_receive.SocketError;
        _isReceiving = false;
    }

    private void EndSend()
    {
        if (_isConnecting && _send!.SocketError != SocketError.Success)
            _error = (int)_send.SocketError;
        _isConnecting = false;
        _isSending = false;
    }

    // .NET registers a socket with its first operation. It reports a failure as a lack of memory or by exceptions of
    // its own.
    private static bool IsFailedRegistration(Exception exception) =>
        exception is not (SocketException or ObjectDisposedException);
}
