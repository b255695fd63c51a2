using System.Net.Sockets;
using System.Text;
using FastGate.Commands.Install;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Files that a verb reads may be created by anyone. Regression: opening a FIFO blocked a gate, which then
/// ignored every signal.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class RegularFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fg-").FullName;

    private string FilePath => Path.Combine(_directory, "file");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void File_IsReadUpToItsLimit()
    {
        File.WriteAllText(FilePath, "größer");
        Assert.AreEqual("größer", RegularFile.ReadText(FilePath));
        Assert.AreEqual("größer", Encoding.UTF8.GetString(RegularFile.Read(FilePath, 8)!));
        Assert.IsNull(RegularFile.Read(FilePath, 7));
        File.WriteAllText(FilePath, "");
        Assert.IsEmpty(RegularFile.Read(FilePath, 0)!);
        File.WriteAllText(FilePath, "x", Encoding.UTF8);
        Assert.AreEqual("x", RegularFile.ReadText(FilePath));
    }

    [TestMethod]
    public void Link_IsFollowed()
    {
        File.WriteAllText(FilePath, "x");
        File.CreateSymbolicLink(FilePath + "2", FilePath);
        Assert.AreEqual("x", RegularFile.ReadText(FilePath + "2"));
    }

    [TestMethod]
    public void AnythingElse_ThrowsAtOnce()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => RegularFile.Open(FilePath));
        Assert.ThrowsExactly<FileNotFoundException>(() => RegularFile.Open(FilePath + "/x/y"));
        Assert.ThrowsExactly<UnauthorizedAccessException>(() => RegularFile.Open(_directory));
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(FilePath));
        Assert.Contains(
            RegularFile.NotRegular,
            Assert.ThrowsExactly<IOException>(() => RegularFile.Open(FilePath)).Message
        );
    }

    [TestMethod]
    public async Task Pipe_DoesNotBlock()
    {
        await MakePipeAsync(FilePath);
        string message = await Task.Run(() =>
                Assert.ThrowsExactly<IOException>(() => RegularFile.Open(FilePath)).Message
            )
            .WithinDeadline();
        Assert.Contains(RegularFile.NotRegular, message);
        await Task.Run(() => Assert.ThrowsExactly<IOException>(() => OpenLog.TryOpen(FilePath))).WithinDeadline();
        Assert.IsEmpty(RegularFile.ReadBytes("/dev/null"), "A unit that systemd has masked is a link to it.");
        await Task.Run(() => Assert.ThrowsExactly<InvalidDataException>(() => Journal.Read(FilePath))).WithinDeadline();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task EndlessDevice_IsRefused()
    {
        // A reader without a limit, such as "logs", would never stop.
        Assert.Contains(
            RegularFile.NotRegular,
            Assert.ThrowsExactly<IOException>(() => RegularFile.Read("/dev/zero", 1 << 20)).Message
        );
        File.CreateSymbolicLink(FilePath, "/dev/zero");
        await Task.Run(() => Assert.ThrowsExactly<IOException>(() => OpenLog.TryOpen(FilePath))).WithinDeadline();
        await Task.Run(() => Assert.ThrowsExactly<IOException>(() => RegularFile.ReadText("/dev/zero")))
            .WithinDeadline();
        Assert.Contains("Linux", RegularFile.ReadText("/proc/version"));
    }

    [TestMethod]
    [TestCategory(Category.Process)]
    [DataRow("check")]
    [DataRow("logs")]
    [DataRow("warm a")]
    [DataRow("run")]
    public async Task ConfigThatIsAPipe_IsAnError(string verb)
    {
        await MakePipeAsync(FilePath);
        await using ChildProcess program = ChildProcess.Start(
            SourceTree.Program,
            [.. verb.Split(' '), "--config", FilePath]
        );
        (int code, _, string errors) = await program.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(2, code);
        Assert.Contains(RegularFile.NotRegular, errors);
    }

    [TestMethod]
    [TestCategory(Category.Process)]
    public async Task AccessLogThatIsAPipe_IsAnError()
    {
        await MakePipeAsync(FilePath);
        await using ChildProcess program = ChildProcess.Start(
            SourceTree.Program,
            ["logs", "--config", Cli.Empty, "--access-log", FilePath]
        );
        (int code, _, string errors) = await program.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(2, code);
        Assert.Contains(RegularFile.NotRegular, errors);
    }

    /// <summary>The gate logs the error, keeps running, reloads a good file, and stops on SIGTERM.</summary>
    [TestMethod]
    [TestCategory(Category.Process)]
    public async Task ConfigThatBecomesAPipe_DoesNotBlockTheGate()
    {
        File.WriteAllText(FilePath, "{}");
        using GateProcess gate = GateProcess.Start(
            "--config",
            FilePath,
            "--listen",
            $"127.0.0.1:{Ports.Free()}",
            "--access-log",
            "off"
        );
        gate.WaitFor("Upstream: ");
        File.Delete(FilePath);
        await MakePipeAsync(FilePath);
        gate.Signal("HUP");
        gate.WaitFor(RegularFile.NotRegular);
        File.WriteAllText(FilePath + ".new", """{"allow": ["@clients"]}""");
        File.Move(FilePath + ".new", FilePath, overwrite: true);
        gate.Signal("HUP");
        gate.WaitFor("Reloaded");
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
    }

    private static async Task MakePipeAsync(string path)
    {
        await using ChildProcess make = ChildProcess.Start(Required.Tool("mkfifo"), [path]);
        Assert.AreEqual(0, (await make.EndAsync(StepDeadline.Longest)).ExitCode);
    }
}
