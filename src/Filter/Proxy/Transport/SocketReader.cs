using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The receiving half of a <see cref="SocketPipe"/>. It always returns one contiguous segment, so that a scanner never
/// crosses a boundary, and holds a buffer only while it has unread bytes. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// It receives only when the loop reports the socket as readable and a read is pending. Not reading is therefore
/// backpressure: the bytes stay in the kernel. It stops receiving at <see cref="BufferPool.LargeBytes"/> of unread
/// bytes. Cancellation tokens are ignored: a deadline calls <see cref="CancelPendingRead"/> or closes the pipe.
/// </remarks>
internal sealed class SocketReader : PipeReader
{
    // A transfer that always has more must not keep the loop from other sockets: after this many full buffers it waits
    // for its turn.
    private const int FullReceivesInARow = 4;

    // Nor may a reader that never has to wait, such as one that refuses a long series of small requests: after this
    // many reads it continues in the slow lane, until it has to wait for bytes.
    private const int ReadsInARow = 32;

    private readonly SocketPipe _pipe;
    private readonly BufferPool _pool;
    private readonly PendingResult<ReadResult> _read = new();
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _examined;
    private bool _canceled;
    private bool _completed;

    // Unread bytes may exist that no event will report: the last receive filled its buffer, or an event arrived while
    // no read was pending.
    private bool _mayHaveMore;

    // The last receive brought more than a small buffer holds, or filled its buffer; the next one is likely to.
    private bool _wantsLarge;
    private int _fullReceives;
    private int _reads;

    // Created when the reader first waits in the slow lane, as few do.
    private Action? _nextTurn;

    // Whether the reader waits in the slow lane. It waits there once, even if something else completes the read: turns
    // must not multiply.
    private bool _queued;

    public SocketReader(SocketPipe pipe, BufferPool pool)
    {
        _pipe = pipe;
        _pool = pool;
    }

    public InputEnd End { get; private set; }

    /// <summary>Every read goes through the slow lane, for a peer that has sent nothing useful for a while.</summary>
    public bool IsSlow { get; set; }

    /// <summary>The next read completes synchronously.</summary>
    public bool CanReadNow => HasUnexamined && (IsInShare || _pipe.Loop.Slow.HasCredit);

    public bool HasPendingInput => _mayHaveMore || _end > _start || End != InputEnd.Open;

    /// <exception cref="InvalidOperationException">
    /// Another read is pending, or <see cref="BufferPool.LargeBytes"/> were examined and none consumed: the buffer does
    /// not grow beyond that.
    /// </exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        bool hasInput = EnsureInput();
        if (hasInput && MayContinue())
            return new ValueTask<ReadResult>(Take());
        if (!hasInput && IsFull)
            throw new InvalidOperationException("The buffer is full and nothing was consumed.");
        ValueTask<ReadResult> read = _read.Start();
        if (hasInput)
            Queue();
        else
            Await();
        return read;
    }

    public override bool TryRead(out ReadResult result)
    {
        bool hasInput = EnsureInput();
        result = hasInput ? Take() : default;
        return hasInput;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_buffer is null)
            return;
        int start = Index(consumed);
        int seen = Index(examined);
        ArgumentOutOfRangeException.ThrowIfLessThan(start, _start, nameof(consumed));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, seen, nameof(consumed));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seen, _end, nameof(examined));
        _start = start;
        _examined = seen;
        if (_start == _end)
            Release();
    }

    /// <summary>Completes the pending read, or the next one. The reader's code continues inside this call.</summary>
    public override void CancelPendingRead()
    {
        _canceled = true;
        if (_read.IsPending)
            CompleteRead();
    }

    /// <summary>Ends reading and returns the buffer. Only the reader may call it.</summary>
    public override void Complete(Exception? exception = null)
    {
        _completed = true;
        if (_buffer is not null)
            Release();
    }

    public void OnReadable()
    {
        _fullReceives = 0;
        bool isNext = _read.IsPending && !_completed && !_queued;
        if (isNext && (!IsSlow || _pipe.Loop.Slow.TrySpend()))
        {
            if (Receive())
                CompleteRead();
            return;
        }
        // Level-triggered: with interest left on, the event would be reported again at once.
        _mayHaveMore = true;
        _pipe.Drop(Interest.Read);
        if (isNext)
            Queue();
    }

    /// <summary>Marks the connection as lost; for a connection found dead while no read was pending.</summary>
    public void MarkLost() => End = InputEnd.Lost;

    /// <summary>Marks the socket as closed by this side: nothing more is received, and <see cref="OnClosed"/>
    /// follows.</summary>
    public void Close()
    {
        if (End == InputEnd.Open)
            End = InputEnd.Closed;
    }

    public void OnClosed()
    {
        if (_read.IsPending)
            CompleteRead();
    }

    // Receives if nothing unexamined is at hand.
    private bool EnsureInput()
    {
        ObjectDisposedException.ThrowIf(_completed, this);
        if (_read.IsPending)
            throw new InvalidOperationException("Only one read may be pending.");
        return HasUnexamined || ((_mayHaveMore || _pipe.HasHungUp) && Receive());
    }

    private bool MayContinue()
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
        _pipe.Loop.Slow.Queue(_nextTurn ??= OnNextTurn);
    }

    private void Await()
    {
        _reads = 0;
        _pipe.Want(Interest.Read);
    }

    private void OnNextTurn()
    {
        _queued = false;
        // An end or a cancellation may have completed the read meanwhile.
        if (!_read.IsPending || _completed)
            return;
        _pipe.Loop.Slow.TrySpend();
        if (HasUnexamined || Receive())
            CompleteRead();
        else
            Await();
    }

    private bool HasUnexamined => _canceled || _end > _examined || End != InputEnd.Open;

    private bool IsInShare => !IsSlow && _reads < ReadsInARow - 1;

    private bool IsFull => _buffer is not null && _end - _start == BufferPool.LargeBytes;

    // The high bit of a position's integer encodes the kind of sequence.
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

    private void CompleteRead() => _read.Complete(Take());

    /// <returns>True if there is something new to return: bytes or an end.</returns>
    private bool Receive()
    {
        _mayHaveMore = false;
        if (IsFull)
            return false;
        MakeRoom();
        int room = _buffer!.Length - _end;
        int count = _pipe.Receive(_buffer.AsSpan(_end), out SocketError error);
        if (error == SocketError.Success && count > 0)
        {
            _end += count;
            bool isFilled = count == room;
            _wantsLarge = isFilled || count > BufferPool.SmallBytes;
            if (IsSlow)
                _pipe.Loop.Slow.Charge(count);
            // A full buffer suggests that there is more; another receive is cheaper than another event.
            _mayHaveMore = isFilled && ++_fullReceives < FullReceivesInARow && !_pipe.Loop.IsCrowded;
            return true;
        }
        if (_start == _end)
            Release();
        if (error == SocketError.WouldBlock)
            return false;
        // Interest stays on: most connections are closed now, and if not, the next event turns it off.
        End = error == SocketError.Success ? InputEnd.Finished : InputEnd.Lost;
        return true;
    }

    private void MakeRoom()
    {
        if (_buffer is null)
        {
            _buffer = _pool.Rent(isLarge: _wantsLarge);
            _start = _end = _examined = 0;
        }
        else if (_end == _buffer.Length)
        {
            Move();
        }
    }

    // Moves the unread bytes to the front, of a large buffer if this one is small: at most once per size, so a head
    // that arrives byte by byte costs linear time.
    private void Move()
    {
        byte[] from = _buffer!;
        byte[] to = from.Length < BufferPool.LargeBytes && _start < from.Length / 2 ? _pool.Rent(isLarge: true) : from;
        from.AsSpan(_start, _end - _start).CopyTo(to);
        _examined -= _start;
        _end -= _start;
        _start = 0;
        if (to == from)
            return;
        _buffer = to;
        _pool.Return(from);
    }

    private void Release()
    {
        byte[] buffer = _buffer!;
        _buffer = null;
        _start = _end = _examined = 0;
        _pool.Return(buffer);
    }
}
