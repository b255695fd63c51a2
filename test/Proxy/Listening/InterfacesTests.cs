using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

[TestClass]
public sealed class InterfacesTests
{
    [TestMethod]
    public void ThisMachine_HasALoopbackAddress() =>
        Assert.Contains(IPAddress.Loopback, Interfaces.Read().Select(i => i.Address));
}
