using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The receiving half of a <see cref="SocketPipe"/>. What it shows is always one contiguous segment, so that a scanner
/// never straddles; it holds a buffer only while there are bytes in it. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// It receives when the loop says that there is something and somebody is waiting for it, so a reader that does not read
/// is back pressure: the bytes stay in the kernel. At <see cref="BufferPool.LargeBytes"/> unread it stops receiving.
/// A cancellation token is not looked at: a deadline calls <see cref="CancelPendingRead"/> or closes the pipe.
/// </remarks>
internal sealed class SocketReader : PipeReader, IValueTaskSource<ReadResult>
{
    // A transfer that never runs dry must not keep the loop from the others: after so many full buffers it waits its turn.
    private const int FullReceivesInARow = 4;

    // Nor may a reader that never has to wait, as one who refuses a long row of small requests: from then on it goes on in
    // the slow lane, until it has to wait for bytes.
    private const int ReadsInARow = 32;

    private readonly SocketPipe pipe;
    private readonly BufferPool pool;
    private readonly Action nextTurn;
    private ManualResetValueTaskSourceCore<ReadResult> waiter;
    private byte[]? buffer;
    private int start;
    private int end;
    private int examined;
    private bool waiting;
    private bool canceled;
    private bool completed;

    // Bytes may be there that no event will tell of: the last receive filled its buffer, or an event came unawaited.
    private bool probe;
    private bool filled;
    private int fullReceives;
    private int reads;

    // It has a place in the slow lane. One at most, whoever answers the read meanwhile: turns must not multiply.
    private bool queued;

    public SocketReader(SocketPipe pipe, BufferPool pool)
    {
        this.pipe = pipe;
        this.pool = pool;
        nextTurn = OnNextTurn;
    }

    public InputEnd End { get; private set; }

    /// <summary>Every read goes through the slow lane, for a peer of whom nothing useful has come for long.</summary>
    public bool IsSlow { get; set; }

    /// <summary>The next read is answered inside its call.</summary>
    public bool IsAhead => HasNewsAtHand && (IsInShare || pipe.Loop.Slow.HasCredit);

    public bool IsStirred => probe || end > start || End != InputEnd.Open;

    /// <exception cref="InvalidOperationException">
    /// Another read waits, or all of <see cref="BufferPool.LargeBytes"/> were examined and none consumed: more are never shown.
    /// </exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        bool news = HasNews();
        if (news && MayGoOn()) return new ValueTask<ReadResult>(Take());
        if (!news && IsFull) throw new InvalidOperationException("The buffer is full of bytes that nobody consumes.");
        waiting = true;
        if (news) Queue();
        else Await();
        return new ValueTask<ReadResult>(this, waiter.Version);
    }

    public override bool TryRead(out ReadResult result)
    {
        bool news = HasNews();
        result = news ? Take() : default;
        return news;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (buffer is null) return;
        int from = Index(consumed);
        int seen = Index(examined);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, start, nameof(consumed));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, seen, nameof(consumed));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seen, end, nameof(examined));
        start = from;
        this.examined = seen;
        if (start == end) Release();
    }

    /// <summary>Answers the read that waits, or the next one. Who waits goes on inside this call.</summary>
    public override void CancelPendingRead()
    {
        canceled = true;
        if (waiting) Answer();
    }

    /// <summary>Ends the reading: the buffer is given back. Only the one who reads may call it.</summary>
    public override void Complete(Exception? exception = null)
    {
        completed = true;
        if (buffer is not null) Release();
    }

    public void OnReadable()
    {
        fullReceives = 0;
        bool inTurn = waiting && !completed && !queued;
        if (inTurn && (!IsSlow || pipe.Loop.Slow.TrySpend()))
        {
            if (Receive()) Answer();
            return;
        }
        // Level-triggered: left on, this would be told again at once.
        probe = true;
        pipe.Drop(Interest.Read);
        if (inTurn) Queue();
    }

    /// <summary>The connection was found to be gone while nobody read.</summary>
    public void Lose() => End = InputEnd.Lost;

    /// <summary>This side closes the socket: nothing more is received, and <see cref="OnClosed"/> follows.</summary>
    public void Close()
    {
        if (End == InputEnd.Open) End = InputEnd.Closed;
    }

    public void OnClosed()
    {
        if (waiting) Answer();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        ReadResult result = waiter.GetResult(token);
        waiter.Reset();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        waiter.OnCompleted(continuation, state, token, flags);

    private bool HasNews()
    {
        ObjectDisposedException.ThrowIf(completed, this);
        if (waiting) throw new InvalidOperationException("One read at a time.");
        return HasNewsAtHand || ((probe || pipe.IsUnwatched) && Receive());
    }

    private bool MayGoOn()
    {
        if (!IsInShare) return pipe.Loop.Slow.TrySpend();
        reads++;
        return true;
    }

    private void Queue()
    {
        if (queued) return;
        queued = true;
        pipe.Loop.Slow.Queue(nextTurn);
    }

    private void Await()
    {
        reads = 0;
        pipe.Want(Interest.Read);
    }

    private void OnNextTurn()
    {
        queued = false;
        // An end or a cancellation may have answered meanwhile.
        if (!waiting || completed) return;
        pipe.Loop.Slow.TrySpend();
        if (HasNewsAtHand || Receive()) Answer();
        else Await();
    }

    private bool HasNewsAtHand => canceled || end > examined || End != InputEnd.Open;

    private bool IsInShare => !IsSlow && reads < ReadsInARow - 1;

    private bool IsFull => buffer is not null && end - start == BufferPool.LargeBytes;

    // The bits above an index say of what kind of sequence it is.
    private static int Index(SequencePosition position) => position.GetInteger() & int.MaxValue;

    private ReadResult Take()
    {
        ReadOnlySequence<byte> bytes = buffer is null
            ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(buffer, start, end - start);
        ReadResult result = new(bytes, canceled, End != InputEnd.Open);
        canceled = false;
        return result;
    }

    // Nothing may follow this call: the one who waited goes on inside it, and may have closed everything.
    private void Answer()
    {
        waiting = false;
        waiter.SetResult(Take());
    }

    /// <returns>True when there is something new to show: bytes or an end.</returns>
    private bool Receive()
    {
        probe = false;
        if (IsFull) return false;
        MakeRoom();
        int room = buffer!.Length - end;
        int count = pipe.Receive(buffer.AsSpan(end), out SocketError error);
        if (error == SocketError.Success && count > 0)
        {
            end += count;
            filled = count == room;
            if (IsSlow) pipe.Loop.Slow.Charge(count);
            // A full buffer says that there is more; asking again is cheaper than being told.
            probe = filled && ++fullReceives < FullReceivesInARow && !pipe.Loop.IsCrowded;
            return true;
        }
        if (start == end) Release();
        if (error == SocketError.WouldBlock) return false;
        End = error == SocketError.Success ? InputEnd.Finished : InputEnd.Lost;
        pipe.Drop(Interest.Read);
        return true;
    }

    private void MakeRoom()
    {
        if (buffer is null)
        {
            buffer = pool.Rent(big: filled);
            start = end = examined = 0;
        }
        else if (end == buffer.Length)
        {
            Move();
        }
    }

    // Copies what is unread to the front, of a large buffer if this is a small one: at most once a size, so a head that
    // grows byte by byte stays linear.
    private void Move()
    {
        byte[] from = buffer!;
        byte[] to = from.Length < BufferPool.LargeBytes && start < from.Length / 2 ? pool.Rent(big: true) : from;
        from.AsSpan(start, end - start).CopyTo(to);
        examined -= start;
        end -= start;
        start = 0;
        if (to == from) return;
        buffer = to;
        pool.Return(from);
    }

    private void Release()
    {
        byte[] done = buffer!;
        buffer = null;
        start = end = examined = 0;
        pool.Return(done);
    }
}
