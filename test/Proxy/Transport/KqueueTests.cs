using System.Runtime.InteropServices;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>What can be tested of kqueue on any system: the constants of sys/event.h (xnu), and how an event is
/// read.</summary>
[TestClass]
public sealed class KqueueTests
{
    private const ushort EndOfFile = 0x8000;

    [TestMethod]
    public void KernelEvent_HasTheLayoutOfStructKevent()
    {
        Assert.AreEqual(32, Marshal.SizeOf<KernelEvent>());
        Assert.AreEqual(0, Offset(nameof(KernelEvent.Identifier)));
        Assert.AreEqual(8, Offset(nameof(KernelEvent.Filter)));
        Assert.AreEqual(10, Offset(nameof(KernelEvent.Flags)));
        Assert.AreEqual(12, Offset(nameof(KernelEvent.FilterFlags)));
        Assert.AreEqual(16, Offset(nameof(KernelEvent.Data)));
        Assert.AreEqual(24, Offset(nameof(KernelEvent.UserData)));
    }

    [TestMethod]
    public void Constants_AreThoseOfSysEvent()
    {
        short[] filters = [Kqueue.FilterRead, Kqueue.FilterWrite, Kqueue.FilterUser];
        CollectionAssert.AreEqual(new short[] { -1, -2, -10 }, filters);
        ushort[] actions = [Kqueue.ActionAdd, Kqueue.ActionDelete, Kqueue.ActionClear];
        CollectionAssert.AreEqual(new ushort[] { 0x0001, 0x0002, 0x0020 }, actions);
        uint trigger = Kqueue.NoteTrigger;
        Assert.AreEqual(0x01000000u, trigger);
    }

    [TestMethod]
    public void ReadFilter_IsReadable() => Check(Kqueue.FilterRead, 0, Interest.Read);

    [TestMethod]
    public void ReadFilterWithEnd_IsReadable() => Check(Kqueue.FilterRead, EndOfFile, Interest.Read);

    [TestMethod]
    public void WriteFilter_IsWritable() => Check(Kqueue.FilterWrite, 0, Interest.Write);

    // EV_EOF on the write filter also follows this side's shutdown, while the peer still sends.
    [TestMethod]
    public void WriteFilterWithEnd_IsNotAHangUp() => Check(Kqueue.FilterWrite, EndOfFile, Interest.Write);

    private static void Check(short filter, ushort flags, Interest ready)
    {
        KernelEvent kernelEvent = new()
        {
            Filter = filter,
            Flags = flags,
            UserData = unchecked((nint)0x7_0000_0003),
        };
        Assert.AreEqual(new Readiness(0x7_0000_0003, ready, HungUp: false), Kqueue.ReadinessOf(in kernelEvent));
    }

    private static int Offset(string field) => (int)Marshal.OffsetOf<KernelEvent>(field);
}
