using System.Net.Sockets;
using System.Text;
using FastGate.Commands.Install;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Transport;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>What a verb reads may be put there by anybody: opening a FIFO once held a gate for ever, deaf to every
/// signal.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class RegularFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fg-").FullName;

    private string Place => Path.Combine(_directory, "file");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [TestMethod]
    public void File_IsReadUpToItsLimit()
    {
        File.WriteAllText(Place, "größer");
        Assert.AreEqual("größer", RegularFile.ReadText(Place));
        Assert.AreEqual("größer", Encoding.UTF8.GetString(RegularFile.Read(Place, 8)!));
        Assert.IsNull(RegularFile.Read(Place, 7));
        File.WriteAllText(Place, "");
        Assert.IsEmpty(RegularFile.Read(Place, 0)!);
        File.WriteAllText(Place, "x", Encoding.UTF8);
        Assert.AreEqual("x", RegularFile.ReadText(Place));
    }

    [TestMethod]
    public void Link_IsFollowed()
    {
        File.WriteAllText(Place, "x");
        File.CreateSymbolicLink(Place + "2", Place);
        Assert.AreEqual("x", RegularFile.ReadText(Place + "2"));
    }

    [TestMethod]
    public void AnythingElse_IsToldAtOnce()
    {
        Assert.ThrowsExactly<FileNotFoundException>(() => RegularFile.Open(Place));
        Assert.ThrowsExactly<FileNotFoundException>(() => RegularFile.Open(Place + "/x/y"));
        Assert.ThrowsExactly<UnauthorizedAccessException>(() => RegularFile.Open(_directory));
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Place));
        Assert.Contains(
            RegularFile.NotRegular,
            Assert.ThrowsExactly<IOException>(() => RegularFile.Open(Place)).Message
        );
    }

    [TestMethod]
    public async Task Pipe_HoldsNobody()
    {
        await MakePipeAsync(Place);
        string message = await Task.Run(() => Assert.ThrowsExactly<IOException>(() => RegularFile.Open(Place)).Message)
            .WithinDeadline();
        Assert.Contains(RegularFile.NotRegular, message);
        await Task.Run(() => Assert.ThrowsExactly<IOException>(() => OpenLog.TryOpen(Place))).WithinDeadline();
        await Task.Run(() => Assert.ThrowsExactly<InvalidDataException>(() => Journal.Read(Place))).WithinDeadline();
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public async Task DeviceWithoutEnd_HasTheLimit()
    {
        Assert.IsNull(await Task.Run(() => RegularFile.Read("/dev/zero", 1 << 20)).WithinDeadline());
        await Task.Run(() => Assert.ThrowsExactly<IOException>(() => RegularFile.ReadText("/dev/zero")))
            .WithinDeadline();
        Assert.Contains("Linux", RegularFile.ReadText("/proc/version"));
    }

    [TestMethod]
    [DataRow("check")]
    [DataRow("logs")]
    [DataRow("warm a")]
    [DataRow("run")]
    public async Task ConfigThatIsAPipe_IsSaid(string verb)
    {
        await MakePipeAsync(Place);
        await using ChildProcess program = ChildProcess.Start(
            SourceTree.Program,
            [.. verb.Split(' '), "--config", Place]
        );
        (int code, _, string faults) = await program.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(2, code);
        Assert.Contains(RegularFile.NotRegular, faults);
    }

    [TestMethod]
    public async Task AccessLogThatIsAPipe_IsSaid()
    {
        await MakePipeAsync(Place);
        await using ChildProcess program = ChildProcess.Start(
            SourceTree.Program,
            ["logs", "--config", Words.Empty, "--access-log", Place]
        );
        (int code, _, string faults) = await program.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(2, code);
        Assert.Contains(RegularFile.NotRegular, faults);
    }

    /// <summary>The gate goes on, says so, takes up a good file, and ends when it is told to.</summary>
    [TestMethod]
    public async Task ConfigThatIsAPipeForAMoment_LeavesTheGateAwake()
    {
        File.WriteAllText(Place, "{}");
        using GateProcess gate = GateProcess.Start(
            "--config",
            Place,
            "--listen",
            $"127.0.0.1:{Ports.Free()}",
            "--access-log",
            "off"
        );
        gate.WaitFor("Upstream: ");
        File.Delete(Place);
        await MakePipeAsync(Place);
        gate.Signal("HUP");
        gate.WaitFor(RegularFile.NotRegular);
        File.WriteAllText(Place + ".new", """{"allow": ["@clients"]}""");
        File.Move(Place + ".new", Place, overwrite: true);
        gate.Signal("HUP");
        gate.WaitFor("Reloaded");
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Said);
    }

    private static async Task MakePipeAsync(string path)
    {
        await using ChildProcess make = ChildProcess.Start(Required.Tool("mkfifo"), [path]);
        Assert.AreEqual(0, (await make.EndAsync(StepDeadline.Longest)).ExitCode);
    }
}
