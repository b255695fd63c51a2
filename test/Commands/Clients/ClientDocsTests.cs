using System.Text.RegularExpressions;
using FastGate.Commands.Clients;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Clients;

/// <summary>docs/clients.md repeats the catalog: the same clients, rules and settings, in the same order.</summary>
[TestClass]
public sealed partial class ClientDocsTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "clients.md"));

    [TestMethod]
    public void Table_HasEveryClient_WithItsRules()
    {
        string[] rows =
        [
            .. ClientCatalog.All.Select(client =>
                $"| {client.Title} | `{client.Id}` | {WithSeed(client)} | "
                + $"{string.Join(", ", client.Allow.Select(line => $"`{line}`"))} |"
            ),
        ];
        Assert.AreEqual(
            string.Join('\n', rows),
            string.Join('\n', Section("Settings").Split('\n').Where(line => line.StartsWith('|')).Skip(2))
        );
    }

    [TestMethod]
    public void Settings_AreThoseOfTheProgram()
    {
        string[] blocks =
        [
            .. from client in ClientCatalog.All
            from setting in client.Settings
            select $"{client.Title}: {setting.Language}\n{setting.Text(ClientSetting.Host)}\n",
        ];
        string section = Section("What to paste");
        string[] found =
        [
            .. from part in Heading().Split(section).Skip(1)
            let title = part.Split('\n')[0]
            from Match block in Block().Matches(part)
            select $"{title}: {block.Groups["language"].Value}\n{block.Groups["text"].Value}",
        ];
        Assert.AreEqual(string.Join('\n', blocks), string.Join('\n', found));
    }

    [TestMethod]
    public void Notes_AreThoseOfTheProgram()
    {
        foreach (string note in ClientCatalog.All.Select(client => client.Note).OfType<string>())
            Assert.Contains(note, Page.ReplaceLineEndings(" "));
    }

    private static string WithSeed(Client client) =>
        ClientScene.Access("{}", client.Id).Outcome switch
        {
            ClientOutcome.Allowed => "yes",
            ClientOutcome.Partly => "partly",
            _ => "**no**",
        };

    private static string Section(string title) => Page.Split($"\n## {title}\n")[1].Split("\n## ")[0];

    [GeneratedRegex("^### ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("^```(?<language>\\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
