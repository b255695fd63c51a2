using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class EdgeTableTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(7)]
    [DataRow(1000)]
    [DataRow(50_000)]
    public void EveryEdge_IsFoundInOneLookup(int count)
    {
        Edge[] edges = [.. Enumerable.Range(1, count).Select(i => new Edge(i % 3, Ascii.Bytes($"/segment{i / 3}"), i))];
        Check(edges);
    }

    [TestMethod]
    public void KeysOfEveryLengthAndLastByte_DoNotCollide()
    {
        IEnumerable<string> keys =
            from length in Enumerable.Range(0, 70)
            from last in "bcd"
            select new string('a', length) + last;
        Check([.. keys.Select((key, index) => new Edge(0, Ascii.Bytes(key), index + 1))]);
    }

    private static void Check(Edge[] edges)
    {
        EdgeTable table = EdgeTableBuilder.Build(edges);
        foreach (Edge edge in edges)
            Assert.AreEqual(edge.Child, table.Find(edge.Parent, edge.Key.Span));
        table.Find(1_000_000, "/unknown"u8); // any node, but no exception
    }
}
