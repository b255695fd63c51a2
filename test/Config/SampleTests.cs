using System.Text;
using System.Text.RegularExpressions;
using FastGate.Config;
using FastGate.Test.Support;

namespace FastGate.Test.Config;

/// <summary>fastgate.sample.json shows every member with its default.</summary>
[TestClass]
public sealed partial class SampleTests
{
    private static readonly string Sample = File.ReadAllText(Path.Combine(SourceTree.Root, "fastgate.sample.json"));

    /// <summary>The sample with its commented-out members in force.</summary>
    private static readonly string Uncommented = CommentedOut().Replace(Sample, "$1");

    [TestMethod]
    public void Sample_MeansTheDefaults()
    {
        GatePlan sample = Configs.Plan(Sample);
        GatePlan defaults = Configs.Plan("{}");
        Assert.AreEqual("", Configs.Warnings(Sample));
        Assert.IsEmpty(
            Reload.Of(defaults, [.. defaults.Listeners.Select(listener => listener.Options.Policy)], sample).NeedRestart
        );
        Assert.AreEqual(RulesOf(defaults), RulesOf(sample));
        Assert.AreEqual(string.Join(',', defaults.Hosts), string.Join(',', sample.Hosts));
        Assert.AreEqual(
            defaults.Listeners[0].Options.Policy.PreserveHost,
            sample.Listeners[0].Options.Policy.PreserveHost
        );
        Assert.IsNull(sample.Listeners[0].Options.From);
    }

    [TestMethod]
    public void CommentedOutMembers_AreValid()
    {
        Assert.AreEqual(4, CommentedOut().Count(Sample));
        Assert.AreEqual("", Configs.Problems(Uncommented));
    }

    [TestMethod]
    [DataRow("{\"zzzzzzzz\": 1}")]
    [DataRow("{\"limits\": {\"zzzzzzzz\": 1}}")]
    [DataRow("{\"metrics\": {\"zzzzzzzz\": 1}}")]
    [DataRow("{\"listen\": {\"on\": \"127.0.0.1:1\", \"zzzzzzzz\": 1}}")]
    public void EveryMemberOfTheSchema_IsInTheSample(string file)
    {
        // The problem of an unknown member lists all known ones.
        string members = Configs.Problems(file).Split("valid members are ")[1];
        HashSet<string> shown = [];
        Collect(JsonText.Parse("sample", Encoding.UTF8.GetBytes(Uncommented), [])!, shown);
        foreach (string member in members.Split(", "))
            Assert.Contains(member, shown);
    }

    private static string RulesOf(GatePlan plan) =>
        string.Join('\n', plan.Listeners.SelectMany(listener => listener.Options.Policy.Rules.Items));

    private static void Collect(JsonValue value, HashSet<string> names)
    {
        foreach (JsonMember member in value.Members)
        {
            names.Add(member.Name);
            Collect(member.Value, names);
        }
        foreach (JsonValue item in value.Items)
            Collect(item, names);
    }

    [GeneratedRegex("""^(\s*)// (?="\w+":)""", RegexOptions.Multiline)]
    private static partial Regex CommentedOut();
}
