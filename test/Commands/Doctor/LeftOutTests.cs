namespace FastGate.Test.Commands.Doctor;

/// <summary>A <c>from</c> without the machine itself: then the gate closes what doctor asks, as it should.</summary>
[TestClass]
public sealed class LeftOutTests
{
    [TestMethod]
    public async Task FromWithoutThisMachine_IsNamed_AndNoOtherProgramIsSuspected()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.WriteConfig("\"from\": [\"100.64.0.9\", \"fd7a:115c:a1e0::9\"]");
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed();
        Assert.Contains("\"from\" does not list 100.101.102.103", said.SaysOf("gate-listens"));
        Assert.Contains("${EDITOR:-vi}", said.CureOf("gate-listens"));
        Assert.Contains("which \"from\" does not list", said.SaysOf("refuses-unknown"));
        Assert.Contains("\"from\" does not list 100.101.102.103", said.SaysOf("tailscale-ipv4"));
        Assert.Contains("\"from\" does not list fd7a:115c:a1e0::7b01:6667", said.SaysOf("tailscale-ipv6"));
    }

    [TestMethod]
    public async Task FromOfOneFamily_IsAskedOverTheOther()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.WriteConfig("\"from\": [\"fd7a:115c:a1e0::/48\"]");
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed();
        Assert.Contains($"FastGate responds at [{Clinic.Six}]:11434", said.SaysOf("gate-listens"));
        Assert.Contains("\"from\" does not list 100.101.102.103", said.SaysOf("tailscale-ipv4"));
        Assert.Contains("FastGate listens on", said.SaysOf("tailscale-ipv6"));
    }

    [TestMethod]
    public async Task AnotherProgram_IsStillFound_ThoughFromLeavesThisMachineOut()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.WriteConfig("\"from\": [\"100.64.0.9\"]");
        await clinic.StartOllamaAsync();
        clinic.Add(
            new Stranger(
                clinic.Network,
                new System.Net.IPEndPoint(System.Net.IPAddress.Parse(Clinic.Four), Clinic.Port)
            )
        );
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--skip-model-tests");
        said.CheckFailed("gate-listens", "tailscale-ipv4");
        Assert.Contains("another program uses 100.101.102.103:11434", said.SaysOf("gate-listens"));
    }

    [TestMethod]
    public async Task ClientThatFromDoesNotList_IsTold()
    {
        await using Clinic clinic = await Clinic.OpenAsync();
        clinic.WriteConfig("\"from\": [\"100.64.0.9\"]");
        await clinic.StartOllamaAsync();
        clinic.StartGate();
        Diagnoses said = await clinic.AskAsync("--target", $"{Clinic.Four}:{Clinic.Port}");
        said.CheckFailed("gate-answers");
        Assert.Contains("its \"from\" does not list this machine", said.SaysOf("gate-answers"));
    }
}
