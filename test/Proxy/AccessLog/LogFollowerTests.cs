using System.Text;
using FastGate.Proxy.AccessLog;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class LogFollowerTests : IDisposable
{
    private readonly TempLog _log = new();

    public void Dispose() => _log.Dispose();

    [TestMethod]
    public void NewLines_AreReadOnce()
    {
        _log.Append("old\n");
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        Check(follower, "");
        _log.Append("a\nb\n");
        Check(follower, "a b");
        Check(follower, "");
    }

    [TestMethod]
    public void IncompleteLine_IsReadWhenComplete()
    {
        _log.Append("old\nhal");
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        _log.Append("f");
        Check(follower, "");
        _log.Append(" a line\nnex");
        Check(follower, "half a line");
        _log.Append("t\n");
        Check(follower, "next");
    }

    [TestMethod]
    public void MissingFile_IsFoundWhenCreated()
    {
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        Check(follower, "");
        _log.Append("a\n");
        Check(follower, "a");
    }

    /// <summary>Several rotations between two reads; each file has one line.</summary>
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(7)]
    public void Rotation_LosesAndRepeatsNothing(int linesPerRead)
    {
        using LogFile file = new(_log.Path, 6, 20);
        file.Flush();
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        List<string> expected = [];
        List<string> seen = [];
        for (int n = 100; n < 130; n++)
        {
            file.Write(Encoding.ASCII.GetBytes($"l{n}\n"));
            expected.Add($"l{n}");
            if (n % linesPerRead == 0)
                seen.AddRange(follower.Read().Select(line => Encoding.ASCII.GetString(line)));
        }
        // A read that returns lines does not continue with the next file, so more reads may be needed.
        for (int read = 0; read < 3; read++)
            seen.AddRange(follower.Read().Select(line => Encoding.ASCII.GetString(line)));
        CollectionAssert.AreEqual(expected, seen);
    }

    [TestMethod]
    public void RotatedFile_IsReadToItsEndFirst()
    {
        _log.Append("old\n");
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        _log.Append("a\n");
        File.Move(_log.Path, _log.Path + ".1");
        _log.Append("b\n");
        Check(follower, "a");
        Check(follower, "b");
    }

    [TestMethod]
    public void OlderFilesOfARemovedFile_AreNotRead()
    {
        _log.Append("older\n", ".1");
        File.SetLastWriteTimeUtc(_log.Path + ".1", DateTime.UtcNow.AddDays(-1));
        _log.Append("old\n");
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        File.Delete(_log.Path);
        _log.Append("new\n");
        Check(follower, "new");
    }

    [TestMethod]
    [DataRow("b\n", "b")]
    [DataRow("this is longer than what was there\n", "this is longer than what was there")]
    public void TruncatedFile_IsReadFromItsBeginning(string text, string expected)
    {
        _log.Append("some old line\n");
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        Check(follower, "");
        using (FileStream file = new(_log.Path, FileMode.Truncate))
            file.Write(Encoding.ASCII.GetBytes(text));
        Check(follower, expected);
    }

    /// <summary>The real writer rotates many times while a follower reads as often as it can.</summary>
    [TestMethod]
    public async Task WriterThatRotatesOften_IsFollowedLineByLine()
    {
        const int Lines = 20_000;
        using LogFile file = new(_log.Path, 64 * 1024, 100);
        file.Flush();
        using LogFollower follower = LogFollower.FromNow(_log.Path);
        Task writing = Task.Run(() =>
        {
            for (int n = 0; n < Lines; n++)
                file.Write(Encoding.ASCII.GetBytes($"{n} {new string('x', n % 100)}\n"));
        });
        int next = 0;
        await Until.HoldsAsync(
            () =>
            {
                foreach (byte[] line in follower.Read())
                    Assert.AreEqual(next++, int.Parse(Encoding.ASCII.GetString(line).Split(' ')[0], null));
                return next == Lines;
            },
            $"all {Lines} lines are read"
        );
        await writing;
        Assert.IsGreaterThan(10, Directory.GetFiles(Path.GetDirectoryName(_log.Path)!).Length);
        Check(follower, "");
    }

    private static void Check(LogFollower follower, string expected) =>
        Assert.AreEqual(expected, TempLog.Text(follower.Read()));
}
