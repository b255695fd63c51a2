namespace FastGate.Test.Tidy;

[TestClass]
public sealed class RoomsTests
{
    [TestMethod]
    public void Tree_HasOnlyTheDependenciesOfTheTable() =>
        Assert.IsEmpty(
            Rooms.Violations(SourceFile.ReadAll()),
            string.Join('\n', Rooms.Violations(SourceFile.ReadAll()))
        );

    [TestMethod]
    public void Table_HasNoCycle()
    {
        foreach (string room in Rooms.Table.Keys)
            Assert.DoesNotContain(room, Below(room));

        static IEnumerable<string> Below(string room) =>
            Rooms.Table[room].SelectMany(below => Below(below).Prepend(below));
    }

    [TestMethod]
    public void FolderMissingFromTheTable_IsFound() =>
        Check("src/Filter/Extra/A.cs", "namespace FastGate.Extra;", "src/Filter/Extra is missing");

    [TestMethod]
    [DataRow("using FastGate.Proxy.Wire;")]
    [DataRow("using FastGate.Proxy.Wire.Replies;")]
    [DataRow("using static FastGate.Proxy.Wire.RequestHeadScanner;")]
    [DataRow("using Head = FastGate.Proxy.Wire.RequestHead;")]
    [DataRow("class A { FastGate.Proxy.Wire.RequestHead head; }")]
    [DataRow("class A { global::FastGate.Proxy.Wire.RequestHead head; }")]
    [DataRow("class A { Wire.RequestHead head; }")]
    public void DependencyMissingFromTheTable_IsFound(string code) =>
        Check(
            "src/Filter/Proxy/Rules/A.cs",
            code,
            "src/Filter/Proxy/Rules/A.cs uses Proxy/Wire, which Proxy/Rules may not"
        );

    [TestMethod]
    [DataRow("src/Filter/Proxy/Rules/Deeper/A.cs", "using FastGate.Commands;", "uses Commands")]
    [DataRow("src/Launchd/A.cs", "using FastGate.Proxy.Rules;", "uses Proxy/Rules")]
    [DataRow("src/Filter/Proxy/Gate/A.cs", "using FastGate.Config;", "uses Config")]
    [DataRow("src/Filter/Config/A.cs", "using FastGate.Launchd;", "uses Launchd")]
    [DataRow("src/Filter/A.cs", "namespace FastGate;", "src/Filter/A.cs is in no room")]
    [DataRow("src/Filter/Proxy/Gate/A.cs", "global using FastGate.Proxy.Rules;", "has a using for all rooms")]
    [DataRow("src/Filter/Filter.csproj", "<Using Include=\"FastGate.Proxy.Wire\" />", "has a using for all rooms")]
    public void WayAroundTheTable_IsFound(string path, string text, string violation) => Check(path, text, violation);

    [TestMethod]
    [DataRow("src/Filter/Proxy/Rules/A.cs", "namespace FastGate.Proxy.Rules;\nusing FastGate.Proxy.Rules.Trie;")]
    [DataRow(
        "src/Filter/Proxy/Rules/A.cs",
        "// using FastGate.Proxy.Wire;\nconst string Text = \"FastGate.Proxy.Wire\";"
    )]
    [DataRow("src/Filter/Proxy/Rules/A.cs", "class A { int n = Wire.Count; int m = policy.Wire.RequestHead; }")]
    [DataRow("src/Filter/Proxy/Rules/A.cs", "using Other.FastGate.Proxy.Wire;")]
    [DataRow("src/Filter/Proxy/Gate/A.cs", "using FastGate.Proxy.Wire;")]
    [DataRow("src/Filter/Commands/Run/A.cs", "using FastGate.Launchd;")]
    [DataRow("src/Filter/Program.cs", "using FastGate.Commands;")]
    public void DependencyOfTheTable_IsAccepted(string path, string text) => Check(path, text, null);

    private static void Check(string path, string text, string? violation)
    {
        IReadOnlyList<string> violations = Rooms.Violations([
            new(path, text),
            new(
                "src/Filter/Proxy/Wire/RequestHead.cs",
                "namespace FastGate.Proxy.Wire;\ninternal struct RequestHead\n{\n}\n"
            ),
        ]);
        if (violation is null)
            Assert.IsEmpty(violations, string.Join('\n', violations));
        else
            Assert.Contains(violation, string.Join('\n', violations));
    }
}
