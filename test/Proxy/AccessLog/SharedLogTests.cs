using System.Text;
using FastGate.Proxy.AccessLog;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.AccessLog;

/// <summary>Two gates with one access log once overwrote 13,477 of 60,000 lines without an error.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class SharedLogTests : IDisposable
{
    private const int Lines = 2000;

    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;

    private string Log => Path.Combine(_directory, "access.log");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(5000L)]
    public void ManyWriters_LoseNoLine(long bytesMax)
    {
        List<string> moved = [];
        LogFile[] files = [.. Enumerable.Range(0, 4).Select(_ => new LogFile(Log, bytesMax, 1000, moved.Add))];
        Parallel.ForEach(
            files,
            (file, _, number) =>
            {
                for (int n = 0; n < Lines; n++)
                    file.Write(Encoding.ASCII.GetBytes($"{number} {n}\n"));
            }
        );
        foreach (LogFile file in files)
            file.Dispose();
        string[] read = [.. Directory.GetFiles(_directory).SelectMany(File.ReadAllLines)];
        Assert.HasCount(files.Length * Lines, read);
        Assert.HasCount(files.Length * Lines, read.Distinct());
        Assert.HasCount(files.Length, files.Select(file => file.FilePath).Distinct());
        CollectionAssert.AreEquivalent(files.Select(file => file.FilePath).Where(path => path != Log).ToArray(), moved);
    }

    [TestMethod]
    public void EndedWriter_ReleasesItsName()
    {
        using (LogFile first = new(Log, 1000, 2))
            first.Write("one\n"u8);
        using LogFile second = new(Log, 1000, 2);
        second.Write("two\n"u8);
        Assert.AreEqual(Log, second.FilePath);
        Assert.AreEqual("one\ntwo\n", File.ReadAllText(Log));
    }

    [TestMethod]
    public void LinkToALog_SharesItsLock()
    {
        using LogFile first = new(Log, 1000, 2);
        first.Write("one\n"u8);
        string link = Path.Combine(_directory, "link.log");
        File.CreateSymbolicLink(link, Log);
        using LogFile second = new(link, 1000, 2);
        second.Write("two\n"u8);
        Assert.AreEqual("one\n", File.ReadAllText(Log));
        Assert.AreEqual("two\n", File.ReadAllText(Path.Combine(_directory, "link-2.log")));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Device_IsShared()
    {
        using LogFile first = new("/dev/null", 1000, 2);
        using LogFile second = new("/dev/null", 1000, 2);
        first.Write("one\n"u8);
        second.Write("two\n"u8);
        Assert.AreEqual("/dev/null", second.FilePath);
        Assert.IsFalse(File.Exists("/dev/null" + LogFile.LockSuffix));
    }

    /// <summary>The second gate logs the path of its lines, and <c>logs</c> prints it too.</summary>
    [TestMethod]
    public async Task SecondGate_LogsItsPath_AndLogsFindsIt()
    {
        RecordingLogger logger = new();
        await using AccessLogWriter first = AccessLogWriter.Open(Log, logger);
        Assert.IsTrue(await first.FlushAsync().WithinDeadline());
        await using AccessLogWriter second = AccessLogWriter.Open(Log, logger);
        Assert.IsTrue(await second.FlushAsync().WithinDeadline());
        string other = Path.Combine(_directory, "access-2.log");
        Assert.AreEqual((Log, other), (first.FilePath, second.FilePath));
        Assert.AreEqual(1, logger.Count(LogLevel.Warning));
        Assert.Contains($"Another gate writes {Log}, so this one writes {other}", logger.Lines.Single().Text);
        CliResult result = await Cli.RunAsync("logs", "--config", Cli.Empty, "--access-log", Log);
        Assert.Contains($"--access-log {other}", result.Error);
    }

    /// <summary>A missing permission was once logged with a stack trace of 20 lines.</summary>
    [TestMethod]
    public async Task FileThatCannotBeWritten_IsOneLine()
    {
        File.WriteAllText(Path.Combine(_directory, "in the way"), "");
        RecordingLogger logger = new();
        await using AccessLogWriter log = AccessLogWriter.Open(
            Path.Combine(_directory, "in the way", "access.log"),
            logger
        );
        Assert.IsFalse(await log.FlushAsync().WithinDeadline());
        string text = logger.Lines.Single().Text;
        Assert.StartsWith("Writing the access log failed: ", text);
        Assert.Contains("in the way", text);
        Assert.DoesNotContain("\n", text);
        Assert.DoesNotContain("   at ", text);
    }
}
