using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Test.Commands.Install;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Several checks fail for one cause, and so have one fix.</summary>
[TestClass]
public sealed class SharedCauseTests
{
    private const string Long = "sudo mkdir -p /etc/systemd/system/ollama.service.d && sudo systemctl restart ollama";

    [TestMethod]
    public async Task LongFix_IsPrintedOnce_AndShortOnesEachTime()
    {
        string output = await ShowAsync(
            ("sockets", CheckResult.Fail("open", Long)),
            ("config", CheckResult.Fail("missing", "fastgate install")),
            ("addresses", CheckResult.Fail("open, too", Long)),
            ("unit", CheckResult.Fail("missing", "fastgate install")),
            ("port", CheckResult.Fail("taken", Long))
        );
        Assert.Contains(
            $"""

              FAIL  sockets                open
                    fix: {Long}
              FAIL  config                 missing
                    fix: fastgate install
              FAIL  addresses              open, too
                    fix: the one of "sockets", above
              FAIL  unit                   missing
                    fix: fastgate install
              FAIL  port                   taken
                    fix: the one of "sockets", above

            """,
            output
        );
    }

    private static async Task<string> ShowAsync(params (string Title, CheckResult Result)[] results)
    {
        using Home home = new(isMac: false);
        ConfigResult config = Configs.Read("{}");
        DoctorContext context = new(
            home.HostEnvironment,
            config,
            config.Plan!,
            new DoctorOptions(),
            new IPEndPoint(IPAddress.Loopback, 11434)
        );
        StringWriter @out = new();
        Assert.IsFalse(
            await new DoctorScreen(new Terminal(@out, @out), json: false, verbose: false).ShowAsync(
                context,
                Steps(results)
            )
        );
        return @out.ToString().ReplaceLineEndings("\n");
    }

    private static async IAsyncEnumerable<CheckStep> Steps((string Title, CheckResult Result)[] results)
    {
        foreach ((int index, (string title, CheckResult result)) in results.Index())
        {
            await Task.Yield();
            DoctorCheck check = new(title, CheckGroup.Service, title, _ => Task.FromResult(result));
            yield return new CheckStep(
                index + 1,
                results.Length,
                check,
                new CheckReport(check, result, TimeSpan.Zero, [])
            );
        }
    }
}
