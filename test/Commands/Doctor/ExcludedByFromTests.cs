namespace FastGate.Test.Commands.Doctor;

/// <summary>A <c>from</c> that excludes the machine itself: the gate closes doctor's connections, as it should.</summary>
[TestClass]
public sealed class ExcludedByFromTests
{
    [TestMethod]
    public async Task FromWithoutThisMachine_IsReported_AndNoOtherProgramIsBlamed()
    {
        await using DoctorHarness harness = await OpenAsync("\"100.64.0.9\", \"fd7a:115c:a1e0::9\"");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed();
        Assert.Contains("\"from\" does not list 100.101.102.103", report.MessageOf("gate-listens"));
        Assert.Contains("${EDITOR:-vi}", report.CureOf("gate-listens"));
        Assert.Contains("which \"from\" does not list", report.MessageOf("refuses-unknown"));
        Assert.Contains("\"from\" does not list 100.101.102.103", report.MessageOf("tailscale-ipv4"));
        Assert.Contains("\"from\" does not list fd7a:115c:a1e0::7b01:6667", report.MessageOf("tailscale-ipv6"));
    }

    // Not by the program's own file, but by dotnet, which is the process's name then.
    [TestMethod]
    public async Task GateThatDotnetRuns_IsNoOtherProgram()
    {
        await using DoctorHarness harness = await OpenAsync("\"100.64.0.9\", \"fd7a:115c:a1e0::9\"");
        harness.StartGateByDotnet();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed();
        Assert.Contains("\"from\" does not list 100.101.102.103", report.MessageOf("gate-listens"));
    }

    [TestMethod]
    public async Task FromOfOneFamily_IsCheckedOverThatFamily()
    {
        await using DoctorHarness harness = await OpenAsync("\"fd7a:115c:a1e0::/48\"");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed();
        Assert.Contains($"FastGate responds at [{DoctorHarness.Six}]:11434", report.MessageOf("gate-listens"));
        Assert.Contains("\"from\" does not list 100.101.102.103", report.MessageOf("tailscale-ipv4"));
        Assert.Contains("FastGate listens on", report.MessageOf("tailscale-ipv6"));
    }

    [TestMethod]
    public async Task AnotherProgram_IsStillFound_WhenFromExcludesThisMachine()
    {
        await using DoctorHarness harness = await OpenAsync("\"100.64.0.9\"");
        harness.Add(
            new OtherProgram(
                harness.Network,
                new System.Net.IPEndPoint(System.Net.IPAddress.Parse(DoctorHarness.Four), DoctorHarness.Port)
            )
        );
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--skip-model-tests");
        report.CheckFailed("gate-listens", "tailscale-ipv4");
        Assert.Contains("another program uses 100.101.102.103:11434", report.MessageOf("gate-listens"));
    }

    [TestMethod]
    public async Task ClientThatFromDoesNotList_IsReported()
    {
        await using DoctorHarness harness = await OpenAsync("\"100.64.0.9\"");
        harness.StartGate();
        DoctorReport report = await harness.DiagnoseAsync("--target", $"{DoctorHarness.Four}:{DoctorHarness.Port}");
        report.CheckFailed("gate-answers");
        Assert.Contains("its \"from\" does not list this machine", report.MessageOf("gate-answers"));
    }

    private static async Task<DoctorHarness> OpenAsync(string from)
    {
        DoctorHarness harness = await DoctorHarness.OpenAsync();
        harness.WriteConfig($"\"from\": [{from}]");
        await harness.StartOllamaAsync();
        return harness;
    }
}
