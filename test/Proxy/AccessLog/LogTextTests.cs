using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed class LogTextTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow("\n\n", "")]
    [DataRow("a\n", "a")]
    [DataRow("a\nb\n\nc\n", "a b c")]
    [DataRow("a\nb", "a")]
    [DataRow("no end yet", "")]
    public void Lines_EndWithALineFeed(string text, string expected)
    {
        using TempLog log = new();
        log.Append(text);
        Check(log, expected);
    }

    /// <summary>Blocks have 64 KiB, and lines of many lengths cross their boundaries.</summary>
    [TestMethod]
    public void LinesAcrossBlocks_AreCompleteInBothDirections()
    {
        using TempLog log = new();
        Random random = new(5);
        string[] lines = [.. Enumerable.Range(0, 3000).Select(n => $"{n}{new string('x', random.Next(400))}")];
        log.Append(string.Join('\n', lines) + "\n");
        Assert.IsGreaterThan(5 * 64 * 1024, new FileInfo(log.Path).Length);
        Check(log, string.Join(' ', lines));
    }

    [TestMethod]
    [DataRow(LineSplitter.LineBytesMax, false)]
    [DataRow(LineSplitter.LineBytesMax + 1, true)]
    [DataRow(5 * LineSplitter.LineBytesMax, true)]
    public void TooLongLine_IsNotKept(int length, bool isTooLong)
    {
        using TempLog log = new();
        string line = new('x', length);
        log.Append($"a\n{line}\nb\n");
        Check(log, $"a {(isTooLong ? "(too long)" : line)} b");
    }

    [TestMethod]
    public void LastLines_AreReadFromTheEnd()
    {
        using TempLog log = new();
        // A sparse file of a gigabyte.
        using (FileStream file = File.Create(log.Path))
            file.SetLength(1L << 30);
        log.Append("\na\nb\n");
        using OpenLog open = OpenLog.TryOpen(log.Path)!;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.AreEqual("b a", TempLog.Text(LogText.Backward(open, LogText.EndOfLastLine(open)).Take(2)));
        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Chain_HasTheRotatedFiles_NewestFirst()
    {
        using TempLog log = new();
        log.Append("e\nf\n");
        log.Append("c\nd\n", ".1");
        log.Append("a\nb\n", ".2");
        log.Append("not mine\n", ".old");
        using LogChain chain = LogChain.Open(log.Path);
        Assert.IsTrue(chain.HasCurrent);
        Assert.AreEqual("a b c d e f", TempLog.Text(chain.Forward()));
        Assert.AreEqual("f e d c b a", TempLog.Text(chain.Backward(4)));
    }

    /// <summary>The writer renames .2, then .1, then the log, so .1 is missing for a moment.</summary>
    [TestMethod]
    public void ChainWhileTheWriterRotates_HasEachFileOnce()
    {
        using TempLog log = new();
        log.Append("c\n");
        log.Append("b\n", ".2");
        log.Append("a\n", ".3");
        using LogChain chain = LogChain.Open(log.Path);
        Assert.AreEqual("a b c", TempLog.Text(chain.Forward()));
    }

    [TestMethod]
    public void FileFoundUnderTwoNames_IsReadOnce()
    {
        using TempLog log = new();
        log.Append("b\n");
        log.Append("b\n", ".1");
        log.Append("a\n", ".2");
        using LogChain chain = LogChain.Open(log.Path);
        Assert.AreEqual("a b", TempLog.Text(chain.Forward()));
    }

    private static void Check(TempLog log, string expected)
    {
        using OpenLog open = OpenLog.TryOpen(log.Path)!;
        long end = LogText.EndOfLastLine(open);
        Assert.AreEqual(expected, TempLog.Text(LogText.Forward(open, end)));
        Assert.AreEqual(expected, TempLog.Text(LogText.Backward(open, end).Reverse()));
        // Piece by piece, like a follower.
        LineSplitter splitter = new();
        byte[] bytes = File.ReadAllBytes(log.Path);
        Assert.AreEqual(expected, TempLog.Text(bytes.Chunk(7).SelectMany(piece => splitter.Add(piece).ToArray())));
    }
}
