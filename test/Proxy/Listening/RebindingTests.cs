using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

/// <summary>A point is written as its listener's number, and the endpoint: <c>0=10.0.0.5:80</c>.</summary>
[TestClass]
public sealed class RebindingTests
{
    [TestMethod]
    [DataRow("", "", "", "", DisplayName = "nothing")]
    [DataRow("0=10.0.0.5:80", "", "", "0=10.0.0.5:80", DisplayName = "comes")]
    [DataRow("", "0=10.0.0.5:80", "0=10.0.0.5:80", "", DisplayName = "goes")]
    [DataRow("0=10.0.0.5:80", "0=10.0.0.5:80", "", "", DisplayName = "stays")]
    [DataRow("0=10.0.0.6:80", "0=10.0.0.5:80", "0=10.0.0.5:80", "0=10.0.0.6:80", DisplayName = "changes")]
    [DataRow("0=10.0.0.5:80 0=[fd00::5]:80", "0=10.0.0.5:80", "", "0=[fd00::5]:80", DisplayName = "IPv6 comes later")]
    [DataRow("0=[fd00::5]:80", "0=10.0.0.5:80 0=[fd00::5]:80", "0=10.0.0.5:80", "", DisplayName = "IPv4 goes first")]
    [DataRow(
        "1=10.0.0.5:80",
        "0=10.0.0.5:80",
        "0=10.0.0.5:80",
        "1=10.0.0.5:80",
        DisplayName = "another listener has it now"
    )]
    [DataRow("0=10.0.0.5:81", "0=10.0.0.5:80", "0=10.0.0.5:80", "0=10.0.0.5:81", DisplayName = "another port")]
    [DataRow(
        "0=127.0.0.1:0 1=127.0.0.1:0",
        "0=127.0.0.1:0",
        "",
        "1=127.0.0.1:0",
        DisplayName = "ports that the system chooses"
    )]
    public void Steps_AreTheDifference(string wanted, string bound, string drop, string bind)
    {
        Rebinding steps = Rebinding.Of(Points(wanted), Points(bound));
        CollectionAssert.AreEqual(Points(drop), steps.Drop.ToArray());
        CollectionAssert.AreEqual(Points(bind), steps.Bind.ToArray());
    }

    [TestMethod]
    public void Steps_LeadWhereTheyShould_FromAnywhere()
    {
        Random random = new(5);
        for (int n = 0; n < 2000; n++)
        {
            ListenPoint[] wanted = Some(random),
                bound = Some(random);
            Rebinding steps = Rebinding.Of(wanted, bound);
            CollectionAssert.AreEquivalent(wanted, bound.Except(steps.Drop).Concat(steps.Bind).ToArray());
            Rebinding again = Rebinding.Of(wanted, wanted);
            Assert.IsEmpty(again.Drop);
            Assert.IsEmpty(again.Bind);
        }
    }

    private static ListenPoint[] Some(Random random) =>
        [
            .. from listener in Enumerable.Range(0, 3)
            from host in Enumerable.Range(1, 4)
            where random.Next(2) == 0
            select new ListenPoint(listener, new IPEndPoint(new IPAddress([10, 0, 0, (byte)host]), 80)),
        ];

    private static ListenPoint[] Points(string text) =>
        [
            .. from word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            let parts = word.Split('=')
            select new ListenPoint(parts[0][0] - '0', IPEndPoint.Parse(parts[1])),
        ];
}
