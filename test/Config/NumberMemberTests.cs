using System.Globalization;
using FastGate.Config;

namespace FastGate.Test.Config;

[TestClass]
public sealed class NumberMemberTests
{
    public static IEnumerable<object[]> Paths => NumberMember.All.Select(member => (object[])[member.Path]);

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void NumberAtItsLimits_IsAccepted(string path)
    {
        NumberMember member = Find(path);
        Assert.AreEqual(member.Min, member.Get(Configs.Plan(FileOf(path, member.Min))));
        Assert.AreEqual(member.Max, member.Get(Configs.Plan(FileOf(path, member.Max))));
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void NumberPastItsLimits_IsAProblem(string path)
    {
        NumberMember member = Find(path);
        Assert.Contains("is out of range", Configs.Problems(FileOf(path, member.Max + 1)));
        if (member.Min > 0)
            Assert.Contains(
                "is out of range",
                Configs.Problems(FileOf(path, member.IsWhole ? member.Min - 1 : member.Min / 2))
            );
        else
            Assert.Contains("is out of range", Configs.Problems(FileOf(path, -1)));
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void Default_IsInItsRange(string path)
    {
        NumberMember member = Find(path);
        Assert.IsNull(member.ProblemOf(member.Get(Configs.Plan("{}"))));
    }

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public void Number_SetsOnlyItsOption(string path)
    {
        NumberMember set = Find(path);
        GatePlan changed = Configs.Plan(FileOf(path, set.Min));
        GatePlan defaults = Configs.Plan("{}");
        foreach (NumberMember other in NumberMember.All.Where(member => member.Path != path))
            Assert.AreEqual(other.Get(defaults), other.Get(changed), other.Path);
    }

    [TestMethod]
    public void Seconds_CanHaveAFraction() =>
        Assert.AreEqual(
            TimeSpan.FromMilliseconds(500),
            Configs.Plan(FileOf("limits.headSeconds", 0.5)).Limits.HeadTime
        );

    private static NumberMember Find(string path) => NumberMember.All.Single(member => member.Path == path);

    private static string FileOf(string path, double number)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        string[] names = path.Split('.');
        return names.Length == 1
            ? $$"""{"{{names[0]}}": {{text}} }"""
            : $$"""{"{{names[0]}}": {"{{names[1]}}": {{text}} } }""";
    }
}
