using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The sending half of a <see cref="SocketPipe"/>: sends the bytes written into its memory, then the caller's own, with
/// as few sends as possible. A broken connection shows as <see cref="FlushResult.IsCompleted"/>. Belongs to the loop's
/// thread; one write at a time.
/// </summary>
/// <remarks>Cancellation tokens are ignored: a deadline closes the pipe.</remarks>
internal sealed class SocketWriter : PipeWriter
{
    private readonly SocketPipe _pipe;
    private readonly BufferPool _pool;
    private byte[]? _buffer;
    private int _sent;
    private int _length;
    private ReadOnlyMemory<byte> _direct;
    private bool _broken;
    private bool _completed;

    // Created when the peer first accepts less than it is sent; most never do.
    private PendingResult<FlushResult>? _flush;

    public SocketWriter(SocketPipe pipe, BufferPool pool)
    {
        _pipe = pipe;
        _pool = pool;
    }

    public override bool CanGetUnflushedBytes => true;

    /// <summary>A write is pending: the peer accepts no more for now.</summary>
    public bool IsWaiting => _flush is { IsPending: true };

    /// <summary>While a write is pending: when the peer last accepted bytes, as a timestamp of the loop's
    /// clock.</summary>
    public long StalledSince { get; private set; }

    public override long UnflushedBytes => _length - _sent;

    /// <exception cref="ArgumentOutOfRangeException">
    /// More than <see cref="BufferPool.LargeBytes"/> would be buffered before a flush.
    /// </exception>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (_buffer?.Length ?? 0) - _length);
        _length += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfWaiting();
        return Flush();
    }

    /// <summary>Sends the caller's bytes after those written before. They must not change until the write
    /// completes.</summary>
    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfWaiting();
        if (_buffer is not null && source.Length <= _buffer.Length - _length)
        {
            // One send for these bytes and the head in the buffer is worth the copy.
            source.Span.CopyTo(_buffer.AsSpan(_length));
            _length += source.Length;
        }
        else
        {
            _direct = source;
        }
        return Flush();
    }

    public override void CancelPendingFlush() => throw new NotSupportedException("To end a send, close the pipe.");

    /// <summary>
    /// Half-closes: the peer receives a FIN and may keep sending. Unflushed bytes are dropped, and a pending flush
    /// completes as broken after the current event.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        _pipe.ShutdownSend();
        _pipe.Drop(Interest.Write);
        if (IsWaiting)
            _pipe.Loop.Defer(OnClosed);
        else
            Release();
    }

    public void OnWritable()
    {
        StalledSince = _pipe.Loop.Now;
        if (IsWaiting && !TrySend())
            return;
        _pipe.Drop(Interest.Write);
        if (IsWaiting)
            CompleteFlush();
    }

    /// <summary>
    /// Marks the connection as broken. Only a pending write returns its buffer here: otherwise the writer may be
    /// filling it, and returns it with its next flush or <see cref="Complete"/>.
    /// </summary>
    public void OnClosed()
    {
        _broken = true;
        if (IsWaiting)
            CompleteFlush();
    }

    private ValueTask<FlushResult> Flush()
    {
        if (_completed)
            _broken = true;
        if (TrySend())
        {
            Release();
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _broken));
        }
        ValueTask<FlushResult> flush = (_flush ??= new PendingResult<FlushResult>()).Start();
        StalledSince = _pipe.Loop.Now;
        _pipe.Want(Interest.Write);
        return flush;
    }

    private void CompleteFlush()
    {
        Release();
        _flush!.Complete(new FlushResult(isCanceled: false, isCompleted: _broken));
    }

    private void ThrowIfWaiting()
    {
        if (IsWaiting)
            throw new InvalidOperationException("Only one write may be pending.");
    }

    /// <returns>False if the socket accepts no more for now.</returns>
    private bool TrySend()
    {
        while (!_broken && (_sent < _length || !_direct.IsEmpty))
        {
            int count = SendOnce(out SocketError error);
            if (error == SocketError.WouldBlock)
                return false;
            if (error != SocketError.Success)
                _broken = true;
            int ofBuffer = Math.Min(count, _length - _sent);
            _sent += ofBuffer;
            _direct = _direct[(count - ofBuffer)..];
        }
        return true;
    }

    // A head and the content behind it go in one call: the peer wakes up once, and reads once.
    private int SendOnce(out SocketError error)
    {
        if (_sent == _length)
            return _pipe.Send(_direct.Span, out error);
        if (!_direct.IsEmpty && MemoryMarshal.TryGetArray(_direct, out ArraySegment<byte> direct))
            return _pipe.Send(new ArraySegment<byte>(_buffer!, _sent, _length - _sent), direct, out error);
        return _pipe.Send(_buffer.AsSpan(_sent, _length - _sent), out error);
    }

    private void Reserve(int bytes)
    {
        if (_buffer is null)
        {
            _buffer = _pool.Rent(isLarge: bytes > BufferPool.SmallBytes);
        }
        else if (bytes > _buffer.Length - _length)
        {
            byte[] larger = _pool.Rent(isLarge: true);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            _pool.Return(_buffer);
            _buffer = larger;
        }
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, _buffer.Length - _length);
    }

    private void Release()
    {
        _direct = default;
        _sent = _length = 0;
        if (_buffer is null)
            return;
        _pool.Return(_buffer);
        _buffer = null;
    }
}
