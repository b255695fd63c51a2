using FastGate.Config;

namespace FastGate.Test.Config;

/// <summary>Regression: a name of 900 kB in <c>hosts</c> was accepted, and printed whole in errors.</summary>
[TestClass]
public sealed class HostLengthTests
{
    private static readonly string Label = new('a', 63);
    private static readonly string Longest = $"{Label}.{Label}.{Label}.{Label[2..]}";

    [TestMethod]
    public void LongestName_IsAccepted()
    {
        Assert.HasCount(253, Longest);
        foreach (string name in (string[])[Longest, $"{Longest}.", $"*.{Longest}"])
            Assert.IsEmpty(Configs.Problems($$"""{"hosts": ["{{name}}"]}"""));
    }

    [TestMethod]
    [DataRow(254, "has 254 characters; a host name has at most 253")]
    [DataRow(900_000, "has 900000 characters; a host name has at most 253")]
    [DataRow(64, "has a label of 64 characters; a label has at most 63")]
    public void LongerName_IsRefused_WithItsPlaceAndACure(int length, string problem)
    {
        string name = length == 254 ? $"{Longest}a" : new string('a', length);
        string problems = Configs.Problems($$"""{"hosts": ["{{name}}"]}""");
        Assert.Contains($"{Configs.FileName}:1:12: hosts[0]: ", problems);
        Assert.Contains(problem, problems);
        Assert.Contains("such as ollama.example.com", problems);
        Assert.IsLessThan(400, problems.Length);
    }

    [TestMethod]
    [DataRow("a..b")]
    [DataRow(".a.b")]
    [DataRow("*..a")]
    public void EmptyLabel_IsRefused(string name) =>
        Assert.Contains("two dots in a row", HostEntry.ProblemOf(name) ?? "");
}
