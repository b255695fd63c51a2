using System.Text;
using System.Text.RegularExpressions;
using FastGate.Proxy.AccessLog;

namespace FastGate.Test.Proxy.AccessLog;

[TestClass]
public sealed partial class CloseReasonsTests
{
    [TestMethod]
    public void EveryReason_HasItsMemberNameInKebabCase()
    {
        foreach (CloseReason reason in Enum.GetValues<CloseReason>().Where(r => r != CloseReason.None))
        {
            string expected = InnerCapital().Replace(reason.ToString(), "-$0").ToLowerInvariant();
            Assert.AreEqual(expected, Encoding.UTF8.GetString(CloseReasons.Word(reason)));
        }
    }

    [TestMethod]
    public void None_HasNoName() => Assert.IsTrue(CloseReasons.Word(CloseReason.None).IsEmpty);

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex InnerCapital();
}
