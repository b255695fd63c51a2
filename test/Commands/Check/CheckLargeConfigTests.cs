using System.Text;
using FastGate.Commands.Check;
using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Check;

/// <summary>A valid config of 1 MiB with one rule 116,000 times printed 116,540 lines, and took 12 s for it.</summary>
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
        CliResult answer = await Cli.RunAsync("check", "--config", file);
        File.Delete(file);
        Assert.AreEqual(0, answer.Code, answer.Error);
        Assert.Contains("  … and 234 more rules.", answer.Out);
        Assert.IsLessThan(ConfigReport.RulesMax + 60, answer.Out.Count(letter => letter == '\n'));
        Assert.IsLessThan(100_000, answer.Out.Length);
        Assert.Contains($"warnings: {Rules - 1}.", answer.Out);
    }

    private static string Many(string text, int times) =>
        new StringBuilder().AppendJoin(',', Enumerable.Repeat($"\"{text}\"", times)).ToString();
}
