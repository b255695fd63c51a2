using System.Text;
using FastGate.Commands.Check;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Check;

/// <summary>
/// Regression: a valid config of 1 MiB that repeated one rule 116,000 times printed 116,540 lines in 12 s.
/// </summary>
[TestClass]
public sealed class CheckLargeConfigTests
{
    [TestMethod]
    public async Task RulesAndNamesThatAreNotShown_AreCounted()
    {
        const int Rules = ConfigReport.RulesMax + 234;
        string file = Path.GetTempFileName();
        File.WriteAllText(
            file,
            $$"""{"allow":[{{Many("GET /x", Rules)}}],"hosts":[{{Many("*.example", 20_000)}}],"listen":"127.0.0.1:1"}"""
        );
        CliResult result = await Cli.RunAsync("check", "--config", file);
        File.Delete(file);
        Assert.AreEqual(0, result.Code, result.Error);
        Assert.Contains("  … and 234 more rules.", result.Out);
        Assert.IsLessThan(ConfigReport.RulesMax + 60, result.Out.Count(letter => letter == '\n'));
        Assert.IsLessThan(100_000, result.Out.Length);
        Assert.Contains($"warnings: {Rules - 1}.", result.Out);
    }

    private static string Many(string text, int times) =>
        new StringBuilder().AppendJoin(',', Enumerable.Repeat($"\"{text}\"", times)).ToString();
}
