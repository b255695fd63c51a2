using System.Text;

namespace FastGate.Test.Proxy.Wire;

/// <summary>Holds the request head scanner against <see cref="ReferenceScanner"/>.</summary>
internal static class ReferenceCheck
{
    /// <summary>The same answer, given after the same number of bytes, whole, byte by byte, and cut at a
    /// place.</summary>
    /// <returns>The answer, in the words of <see cref="Probe"/>.</returns>
    public static string Run(string text, int number)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        string expected = ReferenceScanner.Judge(text);
        string shown = $"case {number}: {text}";
        Assert.AreEqual(expected, Probe.Run("request", bytes, [bytes.Length]).Result, shown);
        (string bytewise, int decided) = Probe.Run("request", bytes, Enumerable.Range(0, bytes.Length + 1));
        Assert.AreEqual(expected, bytewise, shown);
        if (expected != Probe.Partial)
        {
            Assert.AreEqual(expected, ReferenceScanner.Judge(text[..decided]), shown);
            Assert.AreEqual(Probe.Partial, ReferenceScanner.Judge(text[..int.Max(decided - 1, 0)]), shown);
        }

        int cut = number % (bytes.Length + 1);
        Assert.AreEqual(expected, Probe.Run("request", bytes, [cut, bytes.Length]).Result, shown);
        return expected;
    }

    /// <summary>An answer without its particulars: <c>complete</c>, <c>partial</c>, or the fault.</summary>
    public static string KindOf(string answer) =>
        string.Join(' ', answer.Split(' ').Take(answer.StartsWith("invalid", StringComparison.Ordinal) ? 2 : 1));
}
