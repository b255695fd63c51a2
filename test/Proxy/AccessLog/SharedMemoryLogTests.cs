using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>
/// Regression: a log in <c>/dev/shm</c> was treated as a device, so two gates wrote it without a lock and lost lines.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux)]
public sealed class SharedMemoryLogTests : IDisposable
{
    private readonly string _directory = Path.Combine("/dev/shm", Path.GetRandomFileName());

    private string Log => Path.Combine(_directory, "access.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void SecondGate_WritesAnotherFile_AndBothCanBeRead()
    {
        using LogFile first = new(Log, 1000, 2);
        first.Write("one\n"u8);
        using LogFile second = new(Log, 1000, 2);
        second.Write("two\n"u8);
        Assert.AreNotEqual(first.FilePath, second.FilePath);
        Assert.AreEqual("one\n", RegularFile.ReadText(first.FilePath));
        Assert.AreEqual("two\n", RegularFile.ReadText(second.FilePath));
    }
}
