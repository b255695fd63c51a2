using System.Text;

namespace FastGate.Test.Proxy.Wire;

/// <summary>Compares the request head scanner with <see cref="ReferenceScanner"/>.</summary>
internal static class ReferenceCheck
{
    /// <summary>Asserts that both give the same result after the same number of bytes: whole, byte by byte, and cut
    /// once.</summary>
    /// <returns>The result, as <see cref="Probe"/> describes it.</returns>
    public static string Run(string text, int number)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        string expected = ReferenceScanner.Scan(text);
        string shown = $"case {number}: {text}";
        Assert.AreEqual(expected, Probe.Run("request", bytes, [bytes.Length]).Result, shown);
        (string bytewise, int decided) = Probe.Run("request", bytes, Enumerable.Range(0, bytes.Length + 1));
        Assert.AreEqual(expected, bytewise, shown);
        if (expected != Probe.Partial)
        {
            Assert.AreEqual(expected, ReferenceScanner.Scan(text[..decided]), shown);
            Assert.AreEqual(Probe.Partial, ReferenceScanner.Scan(text[..int.Max(decided - 1, 0)]), shown);
        }

        int cut = number % (bytes.Length + 1);
        Assert.AreEqual(expected, Probe.Run("request", bytes, [cut, bytes.Length]).Result, shown);
        return expected;
    }

    /// <summary>A result without its details: <c>complete</c>, <c>partial</c>, or the fault.</summary>
    public static string KindOf(string result) =>
        string.Join(' ', result.Split(' ').Take(result.StartsWith("invalid", StringComparison.Ordinal) ? 2 : 1));
}
