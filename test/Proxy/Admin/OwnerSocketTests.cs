using System.Net.Sockets;
using System.Runtime.Versioning;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Admin;

/// <summary>The socket's permissions, its lock, and its removal.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
[UnsupportedOSPlatform("windows")]
public sealed class OwnerSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");

    private string SocketPath => Path.Combine(_folder.FullName, "state/run/gate.sock");

    private string LockPath => SocketPath + OwnerSocket.LockSuffix;

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public void Socket_IsForItsOwnerOnly_AndIsRemoved()
    {
        using (OwnerSocket socket = Open())
        {
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SocketPath));
            Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LockPath));
            Assert.AreEqual(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(SocketPath)!)
            );
            Assert.HasCount(
                2,
                Directory.GetFileSystemEntries(Path.GetDirectoryName(SocketPath)!),
                "the temporary directory is gone"
            );
            Assert.IsTrue(Connects());
        }
        Assert.IsEmpty(_folder.GetFileSystemInfos());
    }

    [TestMethod]
    public void SocketInUse_IsNotReplaced()
    {
        using OwnerSocket first = Open();
        for (int i = 0; i < 3; i++)
        {
            Assert.IsNull(OwnerSocket.TryOpen(SocketPath, out string problem));
            Assert.AreEqual("another gate serves it", problem);
        }
        Assert.IsTrue(Connects());
    }

    [TestMethod]
    public void SocketOfAnEndedGate_IsReplaced()
    {
        LeaveFilesBehind();
        Assert.IsFalse(Connects());
        using (OwnerSocket second = Open())
            Assert.IsTrue(Connects());
        Assert.IsFalse(File.Exists(SocketPath));
        Assert.IsFalse(File.Exists(LockPath));
    }

    /// <summary>An ended gate leaves its lock file behind, which once allowed replacing any file with the socket's
    /// name.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void OtherFileAfterAGateEnded_Stays(bool isLink)
    {
        LeaveFilesBehind();
        File.Delete(SocketPath);
        string file = isLink ? Path.Combine(_folder.FullName, "notes") : SocketPath;
        File.WriteAllText(file, "mine");
        if (isLink)
            File.CreateSymbolicLink(SocketPath, file);
        Assert.IsNull(OwnerSocket.TryOpen(SocketPath, out string problem));
        StringAssert.Contains(problem, "not FastGate's");
        Assert.AreEqual("mine", File.ReadAllText(SocketPath));
        Assert.AreEqual(isLink, File.ResolveLinkTarget(SocketPath, returnFinalTarget: false) is not null);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void OtherFileOrDirectory_Stays(bool isDirectory)
    {
        Directory.CreateDirectory(isDirectory ? SocketPath : Path.GetDirectoryName(SocketPath)!);
        if (!isDirectory)
            File.WriteAllText(SocketPath, "mine");
        Assert.IsNull(OwnerSocket.TryOpen(SocketPath, out string problem));
        StringAssert.Contains(problem, "not FastGate's");
        Assert.IsTrue(isDirectory ? Directory.Exists(SocketPath) : File.ReadAllText(SocketPath) == "mine");
        Assert.IsFalse(File.Exists(LockPath));
    }

    [TestMethod]
    public void TooLongPath_IsReported()
    {
        string longest =
            _folder.FullName + "/" + new string('x', OwnerSocket.PathBytesMax - _folder.FullName.Length - 1);
        using (OwnerSocket? fits = OwnerSocket.TryOpen(longest, out string unused))
            Assert.IsNotNull(fits, unused);
        Assert.IsNull(OwnerSocket.TryOpen(longest + "x", out string problem));
        StringAssert.Contains(problem, "longer than the 103 bytes");
        Assert.IsNull(
            OwnerSocket.TryOpen(_folder.FullName + "/" + new string('é', 60), out problem),
            "bytes count, not characters"
        );
    }

    [TestMethod]
    public void DirectoryThatCannotBeCreated_IsReported()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "state"));
        File.WriteAllText(Path.GetDirectoryName(SocketPath)!, "a file");
        Assert.IsNull(OwnerSocket.TryOpen(SocketPath, out string problem));
        Assert.AreNotEqual("", problem);
        Assert.AreEqual("a file", File.ReadAllText(Path.GetDirectoryName(SocketPath)!));
    }

    [TestMethod]
    public void ExistingDirectory_IsNotChanged()
    {
        UnixFileMode mode =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!, mode);
        using (Open())
            Assert.AreEqual(mode, File.GetUnixFileMode(Path.GetDirectoryName(SocketPath)!));
        Assert.IsEmpty(Directory.GetFileSystemEntries(Path.GetDirectoryName(SocketPath)!));
    }

    private OwnerSocket Open()
    {
        OwnerSocket? socket = OwnerSocket.TryOpen(SocketPath, out string problem);
        Assert.IsNotNull(socket, problem);
        return socket;
    }

    private void LeaveFilesBehind()
    {
        using (Open())
        {
            // Like a killed process: the files stay, but the lock and the socket are released.
            File.WriteAllText(LockPath + "2", "");
            File.Move(SocketPath, SocketPath + "2");
        }
        Directory.CreateDirectory(Path.GetDirectoryName(SocketPath)!);
        File.Move(LockPath + "2", LockPath);
        File.Move(SocketPath + "2", SocketPath);
    }

    private bool Connects()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return true;
        }
        catch (SocketException)
        {
            // No process listens on it.
            return false;
        }
    }
}
