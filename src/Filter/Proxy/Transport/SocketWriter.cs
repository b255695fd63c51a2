using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The sending half of a <see cref="SocketPipe"/>: what was written into its memory, then the caller's own bytes, with
/// as few sends as there are reasons for. A broken connection shows as <see cref="FlushResult.IsCompleted"/>. Belongs
/// to the loop's thread; one write at a time.
/// </summary>
/// <remarks>A cancellation token is not looked at: a deadline closes the pipe.</remarks>
internal sealed class SocketWriter : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly SocketPipe _pipe;
    private readonly BufferPool _pool;
    private ManualResetValueTaskSourceCore<FlushResult> _waiter;
    private byte[]? _buffer;
    private int _sent;
    private int _length;
    private ReadOnlyMemory<byte> _direct;
    private bool _waiting;
    private bool _broken;
    private bool _completed;

    public SocketWriter(SocketPipe pipe, BufferPool pool)
    {
        _pipe = pipe;
        _pool = pool;
    }

    public override bool CanGetUnflushedBytes => true;

    /// <summary>A write has not completed: the peer takes no more for now.</summary>
    public bool IsWaiting => _waiting;

    /// <summary>While a write waits: when the peer last took something, as a timestamp of the loop's clock.</summary>
    public long StalledSince { get; private set; }

    public override long UnflushedBytes => _length - _sent;

    /// <exception cref="ArgumentOutOfRangeException">
    /// No more than <see cref="BufferPool.LargeBytes"/> are kept until they are flushed.
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

    /// <summary>Sends the caller's bytes after what was written before. They must stay as they are until it
    /// completes.</summary>
    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source,
        CancellationToken cancellationToken = default
    )
    {
        ThrowIfWaiting();
        if (_buffer is not null && source.Length <= _buffer.Length - _length)
        {
            // Behind a head that is still here: one send for both is worth the copy.
            source.Span.CopyTo(_buffer.AsSpan(_length));
            _length += source.Length;
        }
        else
        {
            _direct = source;
        }
        return Flush();
    }

    public override void CancelPendingFlush() =>
        throw new NotSupportedException("A send is ended by closing the pipe.");

    /// <summary>
    /// Half-closes: the peer sees the end of what was sent (FIN) and may go on sending. What was not flushed is
    /// dropped, and a flush that waits is answered, after the present event, as broken.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
        if (_completed)
            return;
        _completed = true;
        _pipe.ShutdownSend();
        _pipe.Drop(Interest.Write);
        if (_waiting)
            _pipe.Loop.Defer(OnClosed);
        else
            Release();
    }

    public void OnWritable()
    {
        StalledSince = _pipe.Loop.Now;
        if (_waiting && !TrySend())
            return;
        _pipe.Drop(Interest.Write);
        if (_waiting)
            Answer();
    }

    /// <summary>
    /// Nothing more can be sent. Only a write that waits gives its buffer back here: otherwise the one who writes may
    /// be filling it, and gives it back with his next flush or <see cref="Complete"/>.
    /// </summary>
    public void OnClosed()
    {
        _broken = true;
        if (_waiting)
            Answer();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        FlushResult result = _waiter.GetResult(token);
        _waiter.Reset();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _waiter.OnCompleted(continuation, state, token, flags);

    private ValueTask<FlushResult> Flush()
    {
        if (_completed)
            _broken = true;
        if (TrySend())
        {
            Release();
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: _broken));
        }
        _waiting = true;
        StalledSince = _pipe.Loop.Now;
        _pipe.Want(Interest.Write);
        return new ValueTask<FlushResult>(this, _waiter.Version);
    }

    // Nothing may follow this call: the one who waited goes on inside it.
    private void Answer()
    {
        _waiting = false;
        Release();
        _waiter.SetResult(new FlushResult(isCanceled: false, isCompleted: _broken));
    }

    private void ThrowIfWaiting()
    {
        if (_waiting)
            throw new InvalidOperationException("One write at a time.");
    }

    /// <returns>False when the socket takes no more for now.</returns>
    private bool TrySend()
    {
        while (!_broken && _sent < _length)
        {
            int count = _pipe.Send(_buffer.AsSpan(_sent, _length - _sent), out SocketError error);
            if (error == SocketError.WouldBlock)
                return false;
            if (error == SocketError.Success)
                _sent += count;
            else
                _broken = true;
        }
        while (!_broken && !_direct.IsEmpty)
        {
            int count = _pipe.Send(_direct.Span, out SocketError error);
            if (error == SocketError.WouldBlock)
                return false;
            if (error == SocketError.Success)
                _direct = _direct[count..];
            else
                _broken = true;
        }
        return true;
    }

    private void Reserve(int bytes)
    {
        if (_buffer is null)
        {
            _buffer = _pool.Rent(big: bytes > BufferPool.SmallBytes);
        }
        else if (bytes > _buffer.Length - _length)
        {
            byte[] larger = _pool.Rent(big: true);
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
