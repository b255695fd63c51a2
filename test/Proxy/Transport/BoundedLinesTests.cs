using System.Text;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

[TestClass]
public sealed class BoundedLinesTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow("a", "a")]
    [DataRow("a\n", "a")]
    [DataRow("a\r\nb\n\nc", "a|b||c")]
    [DataRow("größer\n€", "größer|€")]
    public async Task Lines_AreThoseOfTheText(string text, string expected)
    {
        foreach (int piece in (int[])[1, 2, 7, 1000])
        {
            BoundedLines lines = new(new Pieces(Encoding.UTF8.GetBytes(text), piece));
            List<string> read = [];
            while (await lines.ReadAsync(CancellationToken.None) is { } line)
                read.Add(line);
            Assert.AreEqual(expected, string.Join('|', read), $"{piece}");
        }
    }

    [TestMethod]
    public async Task LineAtTheLimit_IsRead_AndOneByteMoreThrows()
    {
        string longest = new('x', BoundedHttp.LineBytesMax - 1);
        BoundedLines lines = new(new Pieces(Encoding.ASCII.GetBytes($"a\n{longest}\nb\n{longest}x\n"), 1000));
        Assert.AreEqual("a", await lines.ReadAsync(CancellationToken.None));
        Assert.AreEqual(longest, await lines.ReadAsync(CancellationToken.None));
        Assert.AreEqual("b", await lines.ReadAsync(CancellationToken.None));
        await Assert.ThrowsExactlyAsync<ResponseTooLongException>(async () =>
            await lines.ReadAsync(CancellationToken.None)
        );
    }

    /// <summary>A stream that returns at most <paramref name="most"/> bytes per read, as a network does.</summary>
    private sealed class Pieces(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
