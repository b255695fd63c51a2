using System.Net.Sockets;
using System.Runtime.Versioning;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Admin;

/// <summary>Whose the socket is, who can reach it, and what becomes of it.</summary>
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
    public void Socket_IsTheOwnersAlone_AndNothingIsLeftOfIt()
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
                "what it was made in is gone"
            );
            Assert.IsTrue(Connects());
        }
        Assert.IsEmpty(_folder.GetFileSystemInfos());
    }

    [TestMethod]
    public void LiveSocket_IsNotTaken()
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
    public void SocketOfADeadGate_IsReplaced()
    {
        LeaveBehind();
        Assert.IsFalse(Connects());
        using (OwnerSocket second = Open())
            Assert.IsTrue(Connects());
        Assert.IsFalse(File.Exists(SocketPath));
        Assert.IsFalse(File.Exists(LockPath));
    }

    /// <summary>The lock of a dead gate stays behind, and once was taken for leave to replace whatever had the socket's
    /// name.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void FilePutThereAfterAGateDied_Stays(bool isLink)
    {
        LeaveBehind();
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
    public void WhatSomebodyElsePutThere_Stays(bool isFolder)
    {
        Directory.CreateDirectory(isFolder ? SocketPath : Path.GetDirectoryName(SocketPath)!);
        if (!isFolder)
            File.WriteAllText(SocketPath, "mine");
        Assert.IsNull(OwnerSocket.TryOpen(SocketPath, out string problem));
        StringAssert.Contains(problem, "not FastGate's");
        Assert.IsTrue(isFolder ? Directory.Exists(SocketPath) : File.ReadAllText(SocketPath) == "mine");
        Assert.IsFalse(File.Exists(LockPath));
    }

    [TestMethod]
    public void PathThatIsTooLong_IsSaid()
    {
        string longest =
            _folder.FullName + "/" + new string('x', OwnerSocket.PathBytesMax - _folder.FullName.Length - 1);
        using (OwnerSocket? fits = OwnerSocket.TryOpen(longest, out string none))
            Assert.IsNotNull(fits, none);
        Assert.IsNull(OwnerSocket.TryOpen(longest + "x", out string problem));
        StringAssert.Contains(problem, "longer than the 103 bytes");
        Assert.IsNull(
            OwnerSocket.TryOpen(_folder.FullName + "/" + new string('é', 60), out problem),
            "bytes count, not letters"
        );
    }

    [TestMethod]
    public void FolderThatCannotBeMade_IsSaid()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "state"));
        File.WriteAllText(Path.GetDirectoryName(SocketPath)!, "a file");
        Assert.IsNull(OwnerSocket.TryOpen(SocketPath, out string problem));
        Assert.AreNotEqual("", problem);
        Assert.AreEqual("a file", File.ReadAllText(Path.GetDirectoryName(SocketPath)!));
    }

    [TestMethod]
    public void FolderThatWasThere_Stays_AndIsNotChanged()
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

    private void LeaveBehind()
    {
        using (Open())
        {
            // As a process leaves them that is killed: neither file is removed, the lock and the socket end.
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
            // Nobody listens there.
            return false;
        }
    }
}
