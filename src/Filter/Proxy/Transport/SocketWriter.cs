using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The sending half of a <see cref="SocketPipe"/>: what was written into its memory, then the caller's own bytes, with as
/// few sends as there are reasons for. A broken connection shows as <see cref="FlushResult.IsCompleted"/>.
/// Belongs to the loop's thread; one write at a time.
/// </summary>
/// <remarks>A cancellation token is not looked at: a deadline closes the pipe.</remarks>
internal sealed class SocketWriter : PipeWriter, IValueTaskSource<FlushResult>
{
    private readonly SocketPipe pipe;
    private readonly BufferPool pool;
    private ManualResetValueTaskSourceCore<FlushResult> waiter;
    private byte[]? buffer;
    private int sent;
    private int length;
    private ReadOnlyMemory<byte> direct;
    private bool waiting;
    private bool broken;
    private bool completed;

    public SocketWriter(SocketPipe pipe, BufferPool pool)
    {
        this.pipe = pipe;
        this.pool = pool;
    }

    public override bool CanGetUnflushedBytes => true;

    /// <summary>A write has not completed: the peer takes no more for now.</summary>
    public bool IsWaiting => waiting;

    /// <summary>While a write waits: when the peer last took something, as a timestamp of the loop's clock.</summary>
    public long WaitsSince { get; private set; }

    public override long UnflushedBytes => length - sent;

    /// <exception cref="ArgumentOutOfRangeException">
    /// No more than <see cref="BufferPool.LargeBytes"/> are kept until they are flushed.
    /// </exception>
    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsMemory(length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsSpan(length);
    }

    public override void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, (buffer?.Length ?? 0) - length);
        length += bytes;
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfWaiting();
        return Flush();
    }

    /// <summary>Sends the caller's bytes after what was written before. They must stay as they are until it completes.</summary>
    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        ThrowIfWaiting();
        if (buffer is not null && source.Length <= buffer.Length - length)
        {
            // Behind a head that is still here: one send for both is worth the copy.
            source.Span.CopyTo(buffer.AsSpan(length));
            length += source.Length;
        }
        else
        {
            direct = source;
        }
        return Flush();
    }

    public override void CancelPendingFlush() => throw new NotSupportedException("A send is ended by closing the pipe.");

    /// <summary>
    /// Half-closes: the peer sees the end of what was sent (FIN) and may go on sending. What was not flushed is dropped, and a
    /// flush that waits is answered, after the present event, as broken.
    /// </summary>
    public override void Complete(Exception? exception = null)
    {
        if (completed) return;
        completed = true;
        pipe.ShutdownSend();
        pipe.Drop(Interest.Write);
        if (waiting) pipe.Loop.Defer(OnClosed);
        else Release();
    }

    public void OnWritable()
    {
        WaitsSince = pipe.Loop.Now;
        if (waiting && !TrySend()) return;
        pipe.Drop(Interest.Write);
        if (waiting) Answer();
    }

    /// <summary>
    /// Nothing more can be sent. Only a write that waits gives its buffer back here: otherwise the one who writes may be
    /// filling it, and gives it back with his next flush or <see cref="Complete"/>.
    /// </summary>
    public void OnClosed()
    {
        broken = true;
        if (waiting) Answer();
    }

    FlushResult IValueTaskSource<FlushResult>.GetResult(short token)
    {
        FlushResult result = waiter.GetResult(token);
        waiter.Reset();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<FlushResult>.GetStatus(short token) => waiter.GetStatus(token);

    void IValueTaskSource<FlushResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        waiter.OnCompleted(continuation, state, token, flags);

    private ValueTask<FlushResult> Flush()
    {
        if (completed) broken = true;
        if (TrySend())
        {
            Release();
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: broken));
        }
        waiting = true;
        WaitsSince = pipe.Loop.Now;
        pipe.Want(Interest.Write);
        return new ValueTask<FlushResult>(this, waiter.Version);
    }

    // Nothing may follow this call: the one who waited goes on inside it.
    private void Answer()
    {
        waiting = false;
        Release();
        waiter.SetResult(new FlushResult(isCanceled: false, isCompleted: broken));
    }

    private void ThrowIfWaiting()
    {
        if (waiting) throw new InvalidOperationException("One write at a time.");
    }

    /// <returns>False when the socket takes no more for now.</returns>
    private bool TrySend()
    {
        while (!broken && sent < length)
        {
            int count = pipe.Send(buffer.AsSpan(sent, length - sent), out SocketError error);
            if (error == SocketError.WouldBlock) return false;
            if (error == SocketError.Success) sent += count;
            else broken = true;
        }
        while (!broken && !direct.IsEmpty)
        {
            int count = pipe.Send(direct.Span, out SocketError error);
            if (error == SocketError.WouldBlock) return false;
            if (error == SocketError.Success) direct = direct[count..];
            else broken = true;
        }
        return true;
    }

    private void Reserve(int bytes)
    {
        if (buffer is null)
        {
            buffer = pool.Rent(big: bytes > BufferPool.SmallBytes);
        }
        else if (bytes > buffer.Length - length)
        {
            byte[] larger = pool.Rent(big: true);
            buffer.AsSpan(0, length).CopyTo(larger);
            pool.Return(buffer);
            buffer = larger;
        }
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, buffer.Length - length);
    }

    private void Release()
    {
        direct = default;
        sent = length = 0;
        if (buffer is null) return;
        pool.Return(buffer);
        buffer = null;
    }
}
