using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>On Linux, <c>install</c> changes neither Ollama's unit nor HAProxy: it reports so, with what the user has to
/// do.</summary>
[TestClass]
public sealed class LinuxLeftInPlaceTests
{
    private const string Haproxy = """
        Id=lb.service
        ActiveState=active
        FragmentPath=/etc/systemd/system/lb.service
        ExecStart={ path=/usr/sbin/haproxy ; argv[]=/usr/sbin/haproxy -Ws -f /etc/lb.cfg ; ignore_errors=no }

        """;

    private const string Ollama = """
        Id=ollama.service
        ActiveState=active
        FragmentPath=/etc/systemd/system/ollama.service
        ExecStart={ path=/usr/local/bin/ollama ; argv[]=/usr/local/bin/ollama serve ; ignore_errors=no }

        """;

    [TestMethod]
    [DataRow("system", "sudo systemctl disable --now lb.service")]
    [DataRow("user", "systemctl --user disable --now lb.service")]
    public async Task Haproxy_IsLeftInPlace_WithTheCommandThatStopsIt(string manager, string command)
    {
        string text = await NotesAsync($"units-of-{manager}", Haproxy);
        Assert.Contains("install does not change it, and does not read its rules", text);
        Assert.Contains($": {command}. Then set \"listen\" and \"allow\" in the config", text);
    }

    [TestMethod]
    [DataRow("", "OLLAMA_HOST was not seen, and without it Ollama listens only on loopback.")]
    [DataRow("Environment=OLLAMA_HOST=[::1]:11434\n", "OLLAMA_HOST=[::1]:11434 listens only on loopback.")]
    public async Task OllamaUnit_IsLeftInPlace(string environment, string reason) =>
        Assert.Contains(
            $"ollama.service is left in place: {reason}",
            await NotesAsync("units-of-system", Ollama + environment)
        );

    [TestMethod]
    public async Task OllamaWithoutAUnit_GetsANoteAboutLoopback() =>
        Assert.Contains(
            "on Linux install does not set up Ollama. Where you start it, make it listen only on loopback "
                + "(OLLAMA_HOST=127.0.0.1:11434; with Docker, -p 127.0.0.1:11434:11434).",
            await NotesAsync("units-of-system", "")
        );

    private static async Task<string> NotesAsync(string file, string units)
    {
        using Home home = new(isMac: false);
        home.WriteState("linger");
        home.WriteState(file, units + "\n");
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        return result.Out;
    }
}
