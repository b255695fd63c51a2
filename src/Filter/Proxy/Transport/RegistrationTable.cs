using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Transport;

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
