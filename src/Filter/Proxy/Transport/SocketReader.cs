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
/// It receives when the loop says that there is something and somebody is waiting for it, so a reader that does not
/// read is back pressure: the bytes stay in the kernel. At <see cref="BufferPool.LargeBytes"/> unread it stops
/// receiving. A cancellation token is not looked at: a deadline calls <see cref="CancelPendingRead"/> or closes the
/// pipe.
/// </remarks>
internal sealed partial class SocketReader : PipeReader, IValueTaskSource<ReadResult>
{
    // A transfer that never runs dry must not keep the loop from the others: after so many full buffers it waits its
    // turn.
    private const int FullReceivesInARow = 4;

    // Nor may a reader that never has to wait, as one who refuses a long row of small requests: from then on it goes on
    // in the slow lane, until it has to wait for bytes.
    private const int ReadsInARow = 32;

    private readonly SocketPipe _pipe;
    private readonly BufferPool _pool;
    private readonly Action _nextTurn;
    private ManualResetValueTaskSourceCore<ReadResult> _waiter;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _examined;
    private bool _waiting;
    private bool _canceled;
    private bool _completed;

    // Bytes may be there that no event will tell of: the last receive filled its buffer, or an event came unawaited.
    private bool _probe;
    private bool _filled;
    private int _fullReceives;
    private int _reads;

    // It has a place in the slow lane. One at most, whoever answers the read meanwhile: turns must not multiply.
    private bool _queued;

    public SocketReader(SocketPipe pipe, BufferPool pool)
    {
        _pipe = pipe;
        _pool = pool;
        _nextTurn = OnNextTurn;
    }

    public InputEnd End { get; private set; }

    /// <summary>Every read goes through the slow lane, for a peer of whom nothing useful has come for long.</summary>
    public bool IsSlow { get; set; }

    /// <summary>The next read is answered inside its call.</summary>
    public bool CanReadNow => HasNewsAtHand && (IsInShare || _pipe.Loop.Slow.HasCredit);

    public bool HasPendingInput => _probe || _end > _start || End != InputEnd.Open;

    /// <exception cref="InvalidOperationException">
    /// Another read waits, or all of <see cref="BufferPool.LargeBytes"/> were examined and none consumed: more are
    /// never shown.
    /// </exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        bool news = HasNews();
        if (news && MayGoOn())
            return new ValueTask<ReadResult>(Take());
        if (!news && IsFull)
            throw new InvalidOperationException("The buffer is full of bytes that nobody consumes.");
        _waiting = true;
        if (news)
            Queue();
        else
            Await();
        return new ValueTask<ReadResult>(this, _waiter.Version);
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
        if (_buffer is null)
            return;
        int from = Index(consumed);
        int seen = Index(examined);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, _start, nameof(consumed));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, seen, nameof(consumed));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seen, _end, nameof(examined));
        _start = from;
        _examined = seen;
        if (_start == _end)
            Release();
    }

    /// <summary>Answers the read that waits, or the next one. Who waits goes on inside this call.</summary>
    public override void CancelPendingRead()
    {
        _canceled = true;
        if (_waiting)
            Answer();
    }

    /// <summary>Ends the reading: the buffer is given back. Only the one who reads may call it.</summary>
    public override void Complete(Exception? exception = null)
    {
        _completed = true;
        if (_buffer is not null)
            Release();
    }

    public void OnReadable()
    {
        _fullReceives = 0;
        bool inTurn = _waiting && !_completed && !_queued;
        if (inTurn && (!IsSlow || _pipe.Loop.Slow.TrySpend()))
        {
            if (Receive())
                Answer();
            return;
        }
        // Level-triggered: left on, this would be told again at once.
        _probe = true;
        _pipe.Drop(Interest.Read);
        if (inTurn)
            Queue();
    }

    /// <summary>The connection was found to be gone while nobody read.</summary>
    public void Lose() => End = InputEnd.Lost;

    /// <summary>This side closes the socket: nothing more is received, and <see cref="OnClosed"/> follows.</summary>
    public void Close()
    {
        if (End == InputEnd.Open)
            End = InputEnd.Closed;
    }

    public void OnClosed()
    {
        if (_waiting)
            Answer();
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        ReadResult result = _waiter.GetResult(token);
        _waiter.Reset();
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _waiter.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _waiter.OnCompleted(continuation, state, token, flags);

    private bool HasNews()
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        if (_waiting)
            throw new InvalidOperationException("One read at a time.");
        return HasNewsAtHand || ((_probe || _pipe.HasHungUp) && Receive());
    }

    private bool MayGoOn()
    {
        if (!IsInShare)
            return _pipe.Loop.Slow.TrySpend();
        _reads++;
        return true;
    }

    private void Queue()
    {
        if (_queued)
            return;
        _queued = true;
        _pipe.Loop.Slow.Queue(_nextTurn);
    }

    private void Await()
    {
        _reads = 0;
        _pipe.Want(Interest.Read);
    }

    private void OnNextTurn()
    {
        _queued = false;
        // An end or a cancellation may have answered meanwhile.
        if (!_waiting || _completed)
            return;
        _pipe.Loop.Slow.TrySpend();
        if (HasNewsAtHand || Receive())
            Answer();
        else
            Await();
    }

    private bool HasNewsAtHand => _canceled || _end > _examined || End != InputEnd.Open;

    private bool IsInShare => !IsSlow && _reads < ReadsInARow - 1;

    private bool IsFull => _buffer is not null && _end - _start == BufferPool.LargeBytes;

    // The bits above an index say of what kind of sequence it is.
    private static int Index(SequencePosition position) => position.GetInteger() & int.MaxValue;

    private ReadResult Take()
    {
        ReadOnlySequence<byte> bytes = _buffer is null
            ? ReadOnlySequence<byte>.Empty
            : new ReadOnlySequence<byte>(_buffer, _start, _end - _start);
        ReadResult result = new(bytes, _canceled, End != InputEnd.Open);
        _canceled = false;
        return result;
    }

    // Nothing may follow this call: the one who waited goes on inside it, and may have closed everything.
    private void Answer()
    {
        _waiting = false;
        _waiter.SetResult(Take());
    }

    /// <returns>True when there is something new to show: bytes or an end.</returns>
    private bool Receive()
    {
        _probe = false;
        if (IsFull)
            return false;
        MakeRoom();
        int room = _buffer!.Length - _end;
        int count = _pipe.Receive(_buffer.AsSpan(_end), out SocketError error);
        if (error == SocketError.Success && count > 0)
        {
            _end += count;
            _filled = count == room;
            if (IsSlow)
                _pipe.Loop.Slow.Charge(count);
            // A full buffer says that there is more; asking again is cheaper than being told.
            _probe = _filled && ++_fullReceives < FullReceivesInARow && !_pipe.Loop.IsCrowded;
            return true;
        }
        if (_start == _end)
            Release();
        if (error == SocketError.WouldBlock)
            return false;
        End = error == SocketError.Success ? InputEnd.Finished : InputEnd.Lost;
        _pipe.Drop(Interest.Read);
        return true;
    }
}
