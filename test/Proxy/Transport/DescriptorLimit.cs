using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Limits, until disposed, how many more descriptors this process may open; open ones stay. Linux only. The
/// limit applies to the whole process: a test that uses it is <c>[DoNotParallelize]</c>.</summary>
internal sealed class DescriptorLimit : IDisposable
{
    private const int OpenFiles = 7;

    private readonly nuint[] _before = new nuint[2];

    private DescriptorLimit(int more)
    {
        Assert.AreEqual(0, GetLimit(OpenFiles, ref _before[0]));
        // Not 0: poll(2) refuses more entries than the limit on descriptors.
        Set(LowestFree() + (nuint)more);
    }

    public static IDisposable None() => new DescriptorLimit(0);

    /// <summary>Allows at most <paramref name="count"/> more descriptors.</summary>
    public static IDisposable Few(int count) => new DescriptorLimit(count);

    public void Dispose() => Set(_before[0]);

    private static nuint LowestFree()
    {
        using SafeFileHandle next = File.OpenHandle("/dev/null");
        return (nuint)next.DangerousGetHandle();
    }

    private void Set(nuint soft)
    {
        // struct rlimit: soft, hard.
        nuint[] limit = [soft, _before[1]];
        Assert.AreEqual(0, SetLimit(OpenFiles, ref limit[0]));
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, ref nuint limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, ref nuint limit);
}
