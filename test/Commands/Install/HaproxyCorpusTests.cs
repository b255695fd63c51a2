using System.Net;
using System.Text;
using FastGate.Commands.Install;
using FastGate.Proxy.Rules;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>
/// Complete configurations, each with a file of the expected result: <c>test/Corpus/haproxy</c>. The first line of a
/// configuration explains the expected result.
/// </summary>
[TestClass]
public sealed class HaproxyCorpusTests
{
    private static readonly string Folder = Path.Combine(SourceTree.Root, "test/Corpus/haproxy");

    public static IEnumerable<object[]> Names =>
        Directory.EnumerateFiles(Folder, "*.cfg").Select(file => (object[])[Path.GetFileNameWithoutExtension(file)]);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Configuration_IsFollowedToOllama(string name)
    {
        HaproxyConfig config = Read(name);
        Assert.IsTrue(Profiles.TryGet(Profiles.Seed, out IReadOnlyList<Rule>? seed));
        string actual = Report(config, Migration.Of(config, seed));
        string path = Path.Combine(Folder, $"{name}.txt");
        string expected = File.Exists(path) ? File.ReadAllText(path) : "";
        // Written for comparison; copy it over the expected file if the new result is right.
        if (expected != actual)
            File.WriteAllText(Path.Combine(AppContext.BaseDirectory, $"{name}.txt"), actual);
        Assert.AreEqual(expected, actual);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void ProposedRules_OpenNoManagement_AndNothingThatHaproxyRefuses(string name)
    {
        HaproxyConfig config = Read(name);
        Migration migration = Migration.Of(config, []);
        foreach (Rule rule in migration.Added.Concat(migration.Exact).Concat(migration.Unnamed).Select(Rule.Parse))
        {
            Assert.IsEmpty(OllamaRoutes.ManagementOpenedBy(rule), rule.ToString());
            string path = rule.Path.Replace("{model}", "llama3.2:3b", StringComparison.Ordinal);
            foreach (string method in rule.Methods)
                Assert.AreEqual("Yes", config.Trace(method, path).Reaches.ToString(), rule.ToString());
        }
    }

    private static HaproxyConfig Read(string name) =>
        HaproxyConfig.Parse(
            File.ReadAllText(Path.Combine(Folder, $"{name}.cfg")),
            new HaproxyContext { Addresses = [IPAddress.Parse("192.168.1.5")] }
        );

    private static string Report(HaproxyConfig config, Migration migration)
    {
        StringBuilder text = new();
        text.Append($"listen    {string.Join(' ', config.Binds.Select(bind => bind.Text))}\n");
        text.Append($"upstream  {config.Server ?? $"none ({config.Remote?.Text})"}\n");
        if (config.Hosts.Count > 0)
            text.Append($"hosts     {string.Join(' ', config.Hosts)}\n");
        foreach (MigrationRow row in migration.Rows)
            text.Append($"row       {row.Before} => {row.After}\n");
        foreach (string rule in migration.Extra)
            text.Append($"extra     {rule}\n");
        foreach (string rule in migration.Exact)
            text.Append($"exact     {rule}\n");
        foreach (string rule in migration.Unnamed)
            text.Append($"left      {rule}\n");
        foreach (string line in config.NotMigrated)
            text.Append($"lost      {line}\n");
        foreach (string line in config.NotUnderstood)
            text.Append($"odd       {line}\n");
        return text.ToString();
    }
}
