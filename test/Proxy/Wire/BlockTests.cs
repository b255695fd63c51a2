using System.Text;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Wire;

/// <summary>Elements that begin, end and break around the edges of the blocks in which a head is scanned.</summary>
[TestClass]
public sealed class BlockTests
{
    private static readonly int Cases = LongForm.Choose(all: 12_000, share: 3000);

    [TestMethod]
    public void FieldLinesAroundBlockEdges_MatchTheReference() =>
        Check(new BlockTexts(seed: 64).RequestWithFields, kindsMin: 12);

    [TestMethod]
    public void RequestLinesAroundBlockEdges_MatchTheReference() =>
        Check(new BlockTexts(seed: 65).RequestWithLine, kindsMin: 16);

    [TestMethod]
    public void LineEndAtAnyOffset_HasTheSameResult()
    {
        // Pads the line before, so that each later byte falls once on each offset of a block.
        for (int pad = 0; pad < 200; pad++)
        {
            string result = ReferenceCheck.Run(
                $"GET / HTTP/1.1\r\nX:{new string('y', pad)}\r\nHost: a\r\nContent-Length: 7\r\n\r\n",
                pad
            );
            Assert.AreEqual($"complete GET / host=a length=7 head={57 + pad - 7}", result);
        }
    }

    [TestMethod]
    public void RequestLineOfAnyLength_IsComplete()
    {
        string rest = " HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int length = 1; length < 90; length++)
        {
            string bytes = new('a', length);
            foreach (
                string line in new[]
                {
                    $"GET /{bytes}",
                    $"{bytes} /",
                    $"{bytes} /b?c",
                    $"GET /b?{bytes}",
                    $"GET /{bytes}?",
                }
            )
            {
                Assert.AreEqual("complete", ReferenceCheck.KindOf(ReferenceCheck.Run(line + rest, length)), line);

                // Bytes past the first block must not be skipped: the hidden byte counts.
                foreach (string hidden in new[] { "#", "\r\n", " ", "\\", "\x7F", "\x80" })
                    Assert.StartsWith(
                        "invalid",
                        ReferenceCheck.Run($"{line}{hidden}{bytes}{rest}", length),
                        $"{line} {hidden}"
                    );
            }
        }
    }

    /// <summary>A block of 64 bytes must not accept the bytes after it where the end of the line happens to
    /// fit.</summary>
    [TestMethod]
    public void InvalidByteAnywhereInALongElement_IsFound()
    {
        for (int length = 50; length < 80; length++)
        {
            for (int offset = 45; offset < length; offset++)
            {
                string element = $"{new string('a', offset)}#{new string('a', length - offset)}";
                foreach (
                    string line in new[] { $"GET /{element}", $"GET /b?{element}", $"{element.Replace('#', ':')} /" }
                )
                {
                    byte[] bytes = Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: a\r\n\r\n");
                    Assert.StartsWith("invalid", Probe.Run("request", bytes, [bytes.Length]).Result, line);
                }
            }
        }
    }

    [TestMethod]
    public void ResponsesAroundBlockEdges_HaveTheSameResultAtAnyCut()
    {
        BlockTexts texts = new(seed: 66);
        for (int i = 0; i < Cases; i++)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(texts.Response());
            (string expected, int decided) = Probe.Run("response", bytes, Enumerable.Range(0, bytes.Length + 1));
            string shown = $"case {i}: {Encoding.Latin1.GetString(bytes)}";
            Assert.AreEqual(expected, Probe.Run("response", bytes, [bytes.Length]).Result, shown);
            Assert.AreEqual(expected, Probe.Run("response", bytes, [decided / 2, decided, bytes.Length]).Result, shown);
        }
    }

    private static void Check(Func<string> next, int kindsMin)
    {
        var kinds = new Dictionary<string, int>();
        for (int i = 0; i < Cases; i++)
        {
            string kind = ReferenceCheck.KindOf(ReferenceCheck.Run(next(), i));
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        string shown = string.Join(", ", kinds);
        Assert.IsGreaterThanOrEqualTo(kindsMin, kinds.Count, shown);
        Assert.IsGreaterThan(Cases / 8, kinds.GetValueOrDefault("complete"), shown); // many must be valid
    }
}
