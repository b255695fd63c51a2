using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The watches of one loop by key. A key is a slot and the number of its use, so an event of a socket that was closed
/// earlier in the same batch finds nothing, even when its slot already serves another.
/// </summary>
internal sealed class WatchTable
{
    private readonly List<(Watch? Watch, int Use)> slots = [];
    private readonly Stack<int> free = [];

    public int Count => slots.Count - free.Count;

    public long Add(Watch watch)
    {
        if (!free.TryPop(out int slot))
        {
            slot = slots.Count;
            slots.Add((null, 0));
        }
        int use = slots[slot].Use;
        slots[slot] = (watch, use);
        return ((long)use << 32) | (uint)slot;
    }

    public void Remove(long key)
    {
        int slot = (int)key;
        // 31 bits keep the key positive: negative keys are the backends' own.
        slots[slot] = (null, (slots[slot].Use + 1) & int.MaxValue);
        free.Push(slot);
    }

    public bool TryGet(long key, [NotNullWhen(true)] out Watch? watch)
    {
        (watch, int use) = slots[(int)key];
        return watch is not null && use == (int)(key >> 32);
    }
}
