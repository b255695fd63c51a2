using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Descriptors that are held only to be let go when the process has no other left: the runtime needs some for itself
/// (the collector reads /proc/meminfo, and takes a failure for a machine without memory). While they are let go,
/// nothing new is accepted or connected. Belongs to the loop's thread.
/// </summary>
internal sealed class DescriptorReserve : IDisposable
{
    private const int Size = 16;

    private readonly SafeFileHandle?[] _held = new SafeFileHandle?[Size];
    private bool _isHeld;

    /// <summary>Takes the descriptors if they are not held.</summary>
    /// <returns>False while the system does not give them: then there is nothing to spare for a connection
    /// either.</returns>
    public bool TryKeep()
    {
        if (_isHeld)
            return true;
        try
        {
            for (int i = 0; i < Size; i++)
                _held[i] = File.OpenHandle("/dev/null");
            _isHeld = true;
        }
        catch (IOException)
        {
            // Still short of them.
            LetGo();
        }
        return _isHeld;
    }

    public void LetGo()
    {
        _isHeld = false;
        for (int i = 0; i < Size; i++)
        {
            _held[i]?.Dispose();
            _held[i] = null;
        }
    }

    public void Dispose() => LetGo();
}
