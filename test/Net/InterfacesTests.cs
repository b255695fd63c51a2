using System.Net;
using FastGate.Net;

namespace FastGate.Test.Net;

[TestClass]
public sealed class InterfacesTests
{
    [TestMethod]
    public void ThisMachine_HasALoopbackAddress() =>
        Assert.Contains(IPAddress.Loopback, Interfaces.Read().Select(i => i.Address));
}
