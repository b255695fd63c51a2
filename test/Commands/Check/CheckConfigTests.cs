using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Check;

[TestClass]
public sealed class CheckConfigTests
{
    [TestMethod]
    public async Task ValidConfig_IsShownWithItsRulesAndWarnings()
    {
        CliResult result = await Cli.CheckAsync(
            "--listen",
            "127.0.0.1:11435",
            "--listen",
            "nowhere0:1",
            "--access-log",
            "off",
            "--metrics-socket",
            "/g.sock",
            "--metrics-port",
            "9464",
            "--allow",
            "@cline",
            "--allow",
            "POST /api/pull",
            "--allow",
            "GET /x/{y}"
        );
        const string Expected = """

            127.0.0.1:11435
              would bind: 127.0.0.1:11435
              may connect: 127.0.0.0/8, ::1
              METHODS   PATH        SOURCE
              GET       /api/tags   @cline
              POST      /api/chat   @cline
              POST      /api/pull   --allow
              GET       /x/{y}      --allow

            nowhere0:1
              would bind: nothing now; the gate would wait until the address exists
              may connect: 0.0.0.0/0, ::/0
              METHODS   PATH        SOURCE
              GET       /api/tags   @cline
              POST      /api/chat   @cline
              POST      /api/pull   --allow
              GET       /x/{y}      --allow

            warning --allow: "POST /api/pull" allows POST /api/pull; anyone who may connect can then manage models, keys or the server
            The config is valid; warnings: 1.
            """;
        Assert.AreEqual(0, result.Code);
        Assert.AreEqual("", result.Error);
        // The machine's own addresses may connect as well, and differ between machines.
        string shown = string.Join(
            '\n',
            result
                .Out.Split('\n')
                .Select(line =>
                    line.StartsWith("  may connect: 127", StringComparison.Ordinal)
                        ? line[.."  may connect: 127.0.0.0/8, ::1".Length]
                        : line
                )
        );
        Assert.StartsWith(
            $"Config      {Cli.Empty}\nUpstream    127.0.0.1:11434\nAccess log  off\nMetrics     "
                + $"/g.sock, http://127.0.0.1:9464/metrics\nHosts       addresses, names without a dot, ",
            shown
        );
        Assert.EndsWith(Expected.ReplaceLineEndings("\n"), shown);
    }

    [TestMethod]
    public async Task ValidConfigWithoutWarnings_IsReported() =>
        Assert.EndsWith("\nThe config is valid.", (await Cli.CheckAsync()).Out);

    [TestMethod]
    public async Task Output_HasNoColors() => Assert.DoesNotContain("\u001b", (await Cli.CheckAsync()).Out);
}
