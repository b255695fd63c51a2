using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Install;

/// <summary>Ollama's units under any name, and everything that sets OLLAMA_HOST in them.</summary>
[TestClass]
public sealed class LinuxUnitsTests
{
    private const string Ollama = """
        Id=ollama.service
        ActiveState=active
        FragmentPath=/etc/systemd/system/ollama.service
        DropInPaths=/etc/systemd/system/ollama.service.d/override.conf
        ExecStart={ path=/usr/local/bin/ollama ; argv[]=/usr/local/bin/ollama serve ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }
        Environment=PATH=/usr/bin:/bin
        """;

    [TestMethod]
    [DataRow(
        "Environment=PATH=/bin OLLAMA_HOST=0.0.0.0",
        "OLLAMA_HOST=0.0.0.0 in ollama.service (/etc/systemd/system/ollama.service.d/override.conf)"
    )]
    [DataRow("Environment=\"OLLAMA_HOST=:11434\" \"X=a b\"", "OLLAMA_HOST=:11434 in ollama.service")]
    [DataRow("Environment=OLLAMA_HOST=127.0.0.1 OLLAMA_HOST=0.0.0.0", "OLLAMA_HOST=0.0.0.0 in ollama.service")]
    public async Task OpenUnit_IsNamedWithItsFiles_AndADropInThatRestrictsIt(string environment, string named)
    {
        CliResult result = await InstallAsync(
            Ollama.Replace("Environment=PATH=/usr/bin:/bin", environment, StringComparison.Ordinal)
        );
        Assert.Contains(named, result.Out);
        Assert.Contains(
            "sudo mkdir -p /etc/systemd/system/ollama.service.d && printf "
                + "'[Service]\\nEnvironment=\"OLLAMA_HOST=127.0.0.1:11434\"\\n'",
            result.Out
        );
    }

    [TestMethod]
    public async Task EnvironmentFile_OverridesEnvironment_SoNoDropInIsProposed()
    {
        using Home home = new(isMac: false);
        home.Write("ollama.env", "# for the LAN\n; OLLAMA_HOST=127.0.0.1\nOLLAMA_HOST=\"0.0.0.0\"\n");
        CliResult result = await InstallAsync(
            $"{Ollama} OLLAMA_HOST=127.0.0.1\nEnvironmentFiles={home.PathOf("ollama.env")} (ignore_errors=yes)\n",
            home
        );
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in ollama.service (~/ollama.env)".Replace(
                "~",
                "/ROOT/A & B 50%",
                StringComparison.Ordinal
            ),
            result.Out
        );
        Assert.Contains("Change it there, then restart ollama.service", result.Out);
        Assert.DoesNotContain("mkdir", result.Out);
    }

    [TestMethod]
    [DataRow("argv[]=/bin/sh -c OLLAMA_HOST=0.0.0.0 exec ollama serve")]
    [DataRow("argv[]=/usr/bin/env OLLAMA_HOST=0.0.0.0 /usr/local/bin/ollama serve")]
    [DataRow("argv[]=/bin/bash -lc export OLLAMA_HOST=0.0.0.0; ollama serve")]
    public async Task CommandThatSetsTheHost_IsNamed(string command)
    {
        CliResult result = await InstallAsync(
            Ollama
                .Replace("argv[]=/usr/local/bin/ollama serve", command, StringComparison.Ordinal)
                .Replace("ollama.service", "my-llm.service", StringComparison.Ordinal) + " OLLAMA_HOST=127.0.0.1"
        );
        Assert.Contains("OLLAMA_HOST=0.0.0.0 in the command of my-llm.service", result.Out);
        Assert.DoesNotContain("mkdir", result.Out);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(" OLLAMA_HOST=127.0.0.1:11434")]
    [DataRow(" OLLAMA_HOST=LOCALHOST")]
    [DataRow(" OLLAMA_HOST=0.0.0.0\nUnsetEnvironment=OLLAMA_HOST")]
    public async Task RestrictedUnit_IsNotReported(string more)
    {
        CliResult result = await InstallAsync(Ollama + more);
        Assert.DoesNotContain("bypass the gate", result.Out);
        Assert.DoesNotContain("past the gate", result.Out);
    }

    [TestMethod]
    public async Task ManagersEnvironment_CountsToo()
    {
        using Home home = new(isMac: false);
        home.WriteState("environment-of-system", "LANG=C\nOLLAMA_HOST=0.0.0.0\n");
        Assert.Contains(
            "OLLAMA_HOST=0.0.0.0 in ollama.service (the manager's environment)",
            (await InstallAsync(Ollama, home)).Out
        );
    }

    [TestMethod]
    public async Task UnitOfTheUser_GetsADropInOfTheUsers()
    {
        using Home home = new(isMac: false);
        home.WriteState("linger");
        home.WriteState(
            "units-of-user",
            "Id=other.service\nExecStart={ path=/bin/true ; argv[]=/bin/true ; ignore_errors=no }\n\n"
                + Ollama
                + " OLLAMA_HOST=0.0.0.0\n"
        );
        CliResult result = await home.InstallAsync();
        Assert.Contains("mkdir -p ~/.config/systemd/user/ollama.service.d", result.Out);
        Assert.Contains("systemctl --user restart ollama.service", result.Out);
        Assert.DoesNotContain("sudo", result.Out);
    }

    [TestMethod]
    public async Task RunningHaproxy_IsNamed() =>
        Assert.Contains(
            "haproxy.service (/lib/systemd/system/haproxy.service) runs HAProxy with /etc/haproxy/haproxy.cfg",
            (
                await InstallAsync(
                    """
                    Id=haproxy.service
                    ActiveState=active
                    FragmentPath=/lib/systemd/system/haproxy.service
                    DropInPaths=
                    ExecStart={ path=/usr/sbin/haproxy ; argv[]=/usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid ; ignore_errors=no ; start_time=[n/a] }
                    """
                )
            ).Out
        );

    private static async Task<CliResult> InstallAsync(string units, Home? given = null)
    {
        using Home home = given ?? new(isMac: false);
        home.WriteState("linger");
        home.WriteState("units-of-system", units + "\n");
        CliResult result = await home.InstallAsync();
        Assert.AreEqual(0, result.Code, $"{result.Out}\n{result.Error}");
        return result;
    }
}
