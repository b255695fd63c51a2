namespace FastGate.Test.Tidy;

[TestClass]
public sealed class RoomsTests
{
    [TestMethod]
    public void Tree_HasOnlyTheArrowsOfTheTable() =>
        Assert.IsEmpty(Rooms.Findings(SourceTree.Read()), string.Join('\n', Rooms.Findings(SourceTree.Read())));

    [TestMethod]
    public void Table_HasNoCircle()
    {
        foreach (string room in Rooms.Table.Keys)
            Assert.DoesNotContain(room, Below(room));

        static IEnumerable<string> Below(string room) =>
            Rooms.Table[room].SelectMany(below => Below(below).Prepend(below));
    }

    [TestMethod]
    public void FolderThatIsNotInTheTable_IsFound() =>
        Check("src/Filter/Extra/A.cs", "namespace FastGate.Extra;", "src/Filter/Extra is missing");

    [TestMethod]
    [DataRow("using FastGate.Wire;")]
    [DataRow("using FastGate.Wire.Replies;")]
    [DataRow("using static FastGate.Wire.RequestHeadScanner;")]
    [DataRow("using Head = FastGate.Wire.RequestHead;")]
    [DataRow("class A { FastGate.Wire.RequestHead head; }")]
    [DataRow("class A { global::FastGate.Wire.RequestHead head; }")]
    [DataRow("class A { Wire.RequestHead head; }")]
    public void ArrowThatIsNotInTheTable_IsFound(string code) =>
        Check("src/Filter/Rules/A.cs", code, "src/Filter/Rules/A.cs uses Wire, which Rules may not");

    [TestMethod]
    [DataRow("src/Filter/Rules/Deeper/A.cs", "using FastGate.Cli;", "uses Cli")]
    [DataRow("src/Launchd/A.cs", "using FastGate.Rules;", "uses Rules")]
    [DataRow("src/Filter/Gate/A.cs", "using FastGate.Config;", "uses Config")]
    [DataRow("src/Filter/Config/A.cs", "using FastGate.Launchd;", "uses Launchd")]
    [DataRow("src/Filter/A.cs", "namespace FastGate;", "src/Filter/A.cs is in no room")]
    [DataRow("src/Filter/Gate/A.cs", "global using FastGate.Rules;", "has a using for all rooms")]
    [DataRow("src/Filter/Filter.csproj", "<Using Include=\"FastGate.Wire\" />", "has a using for all rooms")]
    public void WayAroundTheTable_IsFound(string path, string text, string finding) => Check(path, text, finding);

    [TestMethod]
    [DataRow("src/Filter/Rules/A.cs", "namespace FastGate.Rules;\nusing FastGate.Rules.Trie;")]
    [DataRow("src/Filter/Rules/A.cs", "// using FastGate.Wire;\nconst string Text = \"FastGate.Wire\";")]
    [DataRow("src/Filter/Rules/A.cs", "class A { int n = Wire.Count; int m = policy.Wire.RequestHead; }")]
    [DataRow("src/Filter/Rules/A.cs", "using Other.FastGate.Wire;")]
    [DataRow("src/Filter/Gate/A.cs", "using FastGate.Wire;")]
    [DataRow("src/Filter/Cli/A.cs", "using FastGate.Launchd;")]
    [DataRow("src/Filter/Program.cs", "using FastGate.Cli;")]
    public void ArrowOfTheTable_IsNoFinding(string path, string text) => Check(path, text, null);

    private static void Check(string path, string text, string? finding)
    {
        IReadOnlyList<string> findings = Rooms.Findings([
            new(path, text),
            new("src/Filter/Wire/RequestHead.cs", "namespace FastGate.Wire;\ninternal struct RequestHead\n{\n}\n"),
        ]);
        if (finding is null)
            Assert.IsEmpty(findings, string.Join('\n', findings));
        else
            Assert.Contains(finding, string.Join('\n', findings));
    }
}
