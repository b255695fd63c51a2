using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Descriptors that are held only to be let go when the process has no other left: the runtime needs some for itself (the
/// collector reads /proc/meminfo, and takes a failure for a machine without memory). While they are let go, nothing new is
/// accepted or connected. Belongs to the loop's thread.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Size = 16;

    private readonly SafeFileHandle?[] held = new SafeFileHandle?[Size];
    private bool isHeld;

    /// <summary>Takes the descriptors if they are not held.</summary>
    /// <returns>False while the system does not give them: then there is nothing to spare for a connection either.</returns>
    public bool TryKeep()
    {
        if (isHeld) return true;
        try
        {
            for (int i = 0; i < Size; i++) held[i] = File.OpenHandle("/dev/null");
            isHeld = true;
        }
        catch (IOException)
        {
            // Still short of them.
            LetGo();
        }
        return isHeld;
    }

    public void LetGo()
    {
        isHeld = false;
        for (int i = 0; i < Size; i++)
        {
            held[i]?.Dispose();
            held[i] = null;
        }
    }

    public void Dispose() => LetGo();
}
