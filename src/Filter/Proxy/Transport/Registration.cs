using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Transport;

/// <summary>A socket's place in its loop: which handler is called, and what is waited for at the moment.</summary>
/// <remarks>
/// Interest is level-triggered and mostly left alone: an exchange of small messages never changes it, so it costs no
/// <c>epoll_ctl</c>. Belongs to the loop's thread.
/// </remarks>
internal sealed class Registration
{
    private readonly IReadiness _readiness;
    private readonly RegistrationTable _table;
    private readonly Descriptor _socket;
    private bool _closed;

    public Registration(
        IReadiness readiness,
        RegistrationTable table,
        Descriptor socket,
        IReadyHandler handler,
        Interest interest
    )
    {
        _readiness = readiness;
        _table = table;
        _socket = socket;
        Handler = handler;
        Interest = interest;
        Key = table.Add(this);
        try
        {
            readiness.Add(socket, Key, interest);
        }
        catch (IOException)
        {
            // No room for another watch: the caller is told, and the slot must not stay behind.
            table.Remove(Key);
            throw;
        }
    }

    public IReadyHandler Handler { get; }

    public long Key { get; }

    public Interest Interest { get; private set; }

    public void Want(Interest interest) => Set(Interest | interest);

    public void Drop(Interest interest) => Set(Interest & ~interest);

    /// <summary>Stops watching; an event that was already fetched for this socket is not delivered any more.</summary>
    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        _readiness.Remove(_socket, Interest);
        _table.Remove(Key);
    }

    private void Set(Interest interest)
    {
        if (_closed || interest == Interest)
            return;
        _readiness.Change(_socket, Key, Interest, interest);
        Interest = interest;
    }
}

/// <summary>
/// The watches of one loop by key. A key is a slot and the number of its use, so an event of a socket that was closed
/// earlier in the same batch finds nothing, even when its slot already serves another.
/// </summary>
internal sealed class RegistrationTable
{
    private readonly List<(Registration? Watch, int Use)> _slots = [];
    private readonly Stack<int> _free = [];

    public int Count => _slots.Count - _free.Count;

    public long Add(Registration watch)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add((null, 0));
        }
        int use = _slots[slot].Use;
        _slots[slot] = (watch, use);
        return ((long)use << 32) | (uint)slot;
    }

    public void Remove(long key)
    {
        int slot = (int)key;
        // 31 bits keep the key positive: negative keys are the backends' own.
        _slots[slot] = (null, (_slots[slot].Use + 1) & int.MaxValue);
        _free.Push(slot);
    }

    public bool TryGet(long key, [NotNullWhen(true)] out Registration? watch)
    {
        (watch, int use) = _slots[(int)key];
        return watch is not null && use == (int)(key >> 32);
    }
}
