using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Transport;

/// <summary>A socket's registration with its loop: the handler to call and the current interest.</summary>
/// <remarks>
/// Interest is level-triggered and rarely changes: an exchange of small messages never changes it, so it costs no
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
            // The system cannot watch another socket. The slot must not stay behind.
            table.Remove(Key);
            throw;
        }
    }

    public IReadyHandler Handler { get; }

    public long Key { get; }

    public Interest Interest { get; private set; }

    public void Want(Interest interest) => Set(Interest | interest);

    public void Drop(Interest interest) => Set(Interest & ~interest);

    /// <summary>Stops watching; an event already fetched for this socket is not delivered.</summary>
    public void Close()
    {
        if (TryEnd())
            _readiness.Remove(_socket, Interest);
    }

    /// <summary>Does the same as <see cref="Close"/> for a socket that is closed next, which saves a system
    /// call.</summary>
    public void CloseWithSocket()
    {
        if (TryEnd())
            _readiness.RemoveClosing(_socket, Interest);
    }

    private bool TryEnd()
    {
        if (_closed)
            return false;
        _closed = true;
        _table.Remove(Key);
        return true;
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
/// The registrations of one loop by key. A key is a slot and its use count, so an event for a socket that was closed
/// earlier in the same batch finds nothing, even if its slot is already reused. Belongs to the loop's thread.
/// </summary>
internal sealed class RegistrationTable
{
    private readonly List<(Registration? Registration, int Use)> _slots = [];
    private readonly Stack<int> _free = [];

    public int Count => _slots.Count - _free.Count;

    public long Add(Registration registration)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _slots.Count;
            _slots.Add((null, 0));
        }
        int use = _slots[slot].Use;
        _slots[slot] = (registration, use);
        return ((long)use << 32) | (uint)slot;
    }

    public void Remove(long key)
    {
        int slot = (int)key;
        // 31 bits keep the key positive: negative keys are reserved for the backends.
        _slots[slot] = (null, (_slots[slot].Use + 1) & int.MaxValue);
        _free.Push(slot);
    }

    public bool TryGet(long key, [NotNullWhen(true)] out Registration? registration)
    {
        (registration, int use) = _slots[(int)key];
        return registration is not null && use == (int)(key >> 32);
    }
}
