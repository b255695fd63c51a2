using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Host;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Commands.Warm;
using FastGate.Test.Support;

namespace FastGate.Test.Host;

/// <summary>Whoever answers a probe may be anything; a charset that .NET does not know once ended
/// <c>status</c>.</summary>
[TestClass]
public sealed class HttpProbeTests
{
    private const string Path = "/api/generate";

    [TestMethod]
    public async Task UnknownCharset_IsReadAsUtf8()
    {
        await using PullingOllama odd = await PullingOllama.StartAsync();
        odd.Loads[""] = context =>
        {
            context.Response.ContentType = "text/html; charset=no-such-one";
            return PullingOllama.Respond(200, "größer")(context);
        };
        using HttpProbe probe = new();
        ProbeAnswer? answer = await probe.AskAsync(odd.Endpoint, "GET", Path);
        Assert.AreEqual((200, "größer"), (answer?.Status, answer?.Content));
        using ProbeClient asker = new();
        ProbeResponse heard = await asker.AskAsync(
            new DoctorTarget(odd.Endpoint, "localhost"),
            "GET",
            Path,
            null,
            CancellationToken.None
        );
        Assert.AreEqual((200, "größer"), (heard.Status, heard.Content));
    }

    /// <summary>To start Ollama does not help where another program has its port.</summary>
    [TestMethod]
    public async Task ConnectionThatIsTakenAndCutOff_IsToldFromNobody()
    {
        await using PullingOllama odd = await PullingOllama.StartAsync();
        odd.Loads[""] = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using ProbeClient asker = new();
        ProbeResponse cut = await asker.AskAsync(
            new DoctorTarget(odd.Endpoint, "localhost"),
            "GET",
            Path,
            null,
            CancellationToken.None
        );
        Assert.AreEqual((0, true), (cut.Status, cut.IsTaken));
        DoctorTarget nobody = new(new IPEndPoint(IPAddress.Loopback, Ports.Free()), "localhost");
        ProbeResponse refused = await asker.AskAsync(nobody, "GET", Path, null, CancellationToken.None);
        Assert.AreEqual((0, false), (refused.Status, refused.IsTaken));
    }
}
