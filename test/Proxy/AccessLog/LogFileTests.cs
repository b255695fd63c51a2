using System.Text;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class LogFileTests
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;

    private string Log => Path.Combine(_directory, "logs", "access.log");

    [TestCleanup]
    public void Cleanup() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void NewFile_IsCreatedWithItsDirectory_ForItsOwnerOnly()
    {
        using LogFile file = new(Log, 1000, 2);
        file.Flush();
        Assert.IsTrue(File.Exists(Log));
        if (!OperatingSystem.IsWindows())
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
    }

    [TestMethod]
    public void ExistingFile_IsAppendedTo()
    {
        Write("one\n");
        Write("two\n");
        Check("one\ntwo\n");
    }

    [TestMethod]
    public void FullFile_IsRotated_AndTheOldestIsRemoved()
    {
        using LogFile file = new(Log, 10, 2);
        foreach (string line in (string[])["aaaa\n", "aaaa\n", "bbbb\n", "bbbb\n", "cccc\n", "cccc\n", "dddd\n"])
            file.Write(Encoding.UTF8.GetBytes(line));
        Check("dddd\n");
        Check("cccc\ncccc\n", ".1");
        Check("bbbb\nbbbb\n", ".2");
        Assert.IsFalse(File.Exists(Log + ".3"));
    }

    [TestMethod]
    public void FullFileWithoutRotation_IsReplaced()
    {
        using LogFile file = new(Log, 5, 0);
        file.Write("aaaa\n"u8);
        file.Write("bbbb\n"u8);
        Check("bbbb\n");
        Assert.HasCount(
            1,
            Directory
                .GetFiles(Path.GetDirectoryName(Log)!, "access.log*")
                .Where(name => !name.EndsWith(LogFile.LockSuffix, StringComparison.Ordinal))
        );
    }

    [TestMethod]
    public void RemovedFile_IsCreatedAgain()
    {
        using LogFile file = new(Log, 1000, 2);
        file.Write("one\n"u8);
        File.Delete(Log);
        file.Write("two\n"u8);
        Check("two\n");
    }

    [TestMethod]
    public void TruncatedFile_IsAppendedTo()
    {
        using LogFile file = new(Log, 1000, 2);
        file.Write("one\n"u8);
        File.WriteAllText(Log, "");
        file.Write("two\n"u8);
        Check("two\n");
    }

    [TestMethod]
    public void DirectoryThatCannotBeCreated_Throws_AndIsRetried()
    {
        string logs = Path.GetDirectoryName(Log)!;
        File.WriteAllText(logs, "in the way");
        using LogFile file = new(Log, 1000, 2);
        Assert.ThrowsExactly<IOException>(() => file.Write("one\n"u8));
        File.Delete(logs);
        file.Write("one\n"u8);
        Check("one\n");
    }

    /// <summary>A disk that is always full, and a device that can be neither truncated nor rotated.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void FullDisk_Throws_AndIsRetried()
    {
        using LogFile file = new("/dev/full", 10, 2);
        for (int n = 0; n < 3; n++)
            Assert.ThrowsExactly<IOException>(() => file.Write("0123456789abcdef\n"u8));
    }

    private void Write(string text)
    {
        using LogFile file = new(Log, 1000, 2);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    private void Check(string expected, string suffix = "") =>
        Assert.AreEqual(expected, File.ReadAllText(Log + suffix));
}
