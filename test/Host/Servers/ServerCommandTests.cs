using FastGate.Host.Servers;

namespace FastGate.Test.Host.Servers;

/// <summary>Command lines that start Ollama and HAProxy, with their words separated by "|".</summary>
[TestClass]
public sealed class ServerCommandTests
{
    [TestMethod]
    [DataRow("/opt/homebrew/bin/ollama|serve", null)]
    [DataRow("ollama|start", null)]
    [DataRow("/usr/bin/env|OLLAMA_HOST=0.0.0.0|ollama|serve", "0.0.0.0")]
    [DataRow("/usr/bin/env|-i|PATH=/bin|OLLAMA_HOST=:11434|/usr/local/bin/ollama|serve", ":11434")]
    [DataRow("/bin/sh|-c|OLLAMA_HOST=0.0.0.0 exec ollama serve", "0.0.0.0")]
    [DataRow("/bin/sh|-c|OLLAMA_HOST='0.0.0.0:11434' ollama serve >> /tmp/log 2>&1", "0.0.0.0:11434")]
    [DataRow("/bin/bash|-lc|export OLLAMA_HOST=\"0.0.0.0\"; exec /opt/homebrew/bin/ollama serve", "0.0.0.0")]
    [DataRow("/bin/zsh|-l|-c|sleep 5 && OLLAMA_HOST=0.0.0.0 nohup ollama serve &", "0.0.0.0")]
    [DataRow("/bin/sh|-c|/bin/wait4path /nix/store && exec /nix/store/abc-ollama-0.12/bin/ollama serve", null)]
    [DataRow(
        "/bin/sh|-c|{\n  date\n} >> /tmp/started.txt\n# OLLAMA_HOST=0.0.0.0 ollama serve\nexec ollama serve",
        null
    )]
    [DataRow("/bin/sh|-c|IP=192.168.1.5\nOLLAMA_HOST=$IP:11434 \\\n  ollama serve", "192.168.1.5:11434")]
    [DataRow("/bin/sh|-c|OLLAMA_HOST=$(ipconfig getifaddr en0) ollama serve", "$(ipconfig")]
    [DataRow("/bin/sh|-c|OLLAMA_HOST=${OLLAMA_HOST:-0.0.0.0} ollama serve", "${OLLAMA_HOST:-0.0.0.0}")]
    [DataRow("/bin/sh|-c|if true; then OLLAMA_HOST=0.0.0.0 caffeinate -is ollama serve; fi", "0.0.0.0")]
    [DataRow("/usr/bin/env|OLLAMA_HOST=0.0.0.0|/bin/sh|-c|ollama serve", "0.0.0.0")]
    [DataRow("/bin/sh|-c|export OLLAMA_HOST=0.0.0.0; OLLAMA_HOST=127.0.0.1 ollama serve", "127.0.0.1")]
    [DataRow("sudo|-u|ollama|OLLAMA_HOST=0.0.0.0|ollama|serve", "0.0.0.0")]
    [DataRow("/usr/bin/su|-|ollama|-c|OLLAMA_HOST=0.0.0.0 ollama serve", "0.0.0.0")]
    [DataRow("/opt/homebrew/bin/tmux|new-session|-d|export OLLAMA_HOST=:11434 && ollama serve", ":11434")]
    [DataRow("env|OLLAMA_HOST=0.0.0.0|su|llm|-c|exec /usr/local/bin/ollama serve", "0.0.0.0")]
    public void Ollama_IsRecognized_WithTheHostThatItsCommandSets(string words, string? host)
    {
        ServerCommand? command = ServerCommand.Of(words.Split('|'));
        Assert.AreEqual(ServerKind.Ollama, command?.Kind);
        Assert.AreEqual(host, command!.Variables.GetValueOrDefault("OLLAMA_HOST"));
        if (host is not (null or "127.0.0.1"))
            Assert.IsFalse(OllamaHost.IsLoopback(host), "an unknown value counts as open");
    }

    [TestMethod]
    [DataRow("/usr/bin/env|-u|OLLAMA_HOST|ollama|serve")]
    [DataRow("/bin/sh|-c|unset OLLAMA_HOST; ollama serve")]
    public void VariableThatIsTakenAway_IsNotSet(string words)
    {
        ServerCommand command = ServerCommand.Of(words.Split('|'))!;
        Assert.IsTrue(command.Variables.ContainsKey("OLLAMA_HOST"));
        Assert.IsNull(command.Variables["OLLAMA_HOST"]);
    }

    [TestMethod]
    [DataRow("/opt/homebrew/opt/haproxy/bin/haproxy|-f|/opt/homebrew/etc/haproxy.cfg", "/opt/homebrew/etc/haproxy.cfg")]
    [DataRow("/opt/homebrew/bin/haproxy|-db|-f/etc/h.cfg", "/etc/h.cfg")]
    [DataRow("/bin/sh|-c|exec haproxy -W -f \"/Users/u/my files/haproxy.cfg\"", "/Users/u/my files/haproxy.cfg")]
    [DataRow("/usr/sbin/haproxy", null)]
    public void Haproxy_IsKnown_WithItsConfiguration(string words, string? config)
    {
        ServerCommand? command = ServerCommand.Of(words.Split('|'));
        Assert.AreEqual(ServerKind.Haproxy, command?.Kind);
        Assert.AreEqual(config, command!.ConfigPath);
    }

    [TestMethod]
    [DataRow("ollama|run|llama3")]
    [DataRow("/bin/sh|-c|echo ollama serves")]
    [DataRow("/bin/sh|-c|# ollama serve")]
    [DataRow("/bin/sh|-c|brew services start haproxy")]
    [DataRow("/bin/sh")]
    [DataRow("/bin/sh|-c")]
    [DataRow("/opt/litellm|--model|ollama/llama3")]
    [DataRow("")]
    public void AnythingElse_IsNeither(string words) => Assert.IsNull(ServerCommand.Of(words.Split('|')));

    [TestMethod]
    [DataRow("{0}")]
    [DataRow("/bin/bash|{0}")]
    [DataRow("/bin/zsh|-l|{0}|now")]
    public void Script_IsRead(string words)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(
                path,
                "#!/bin/sh\n# start it\nexport OLLAMA_HOST=0.0.0.0:11434\nexec /opt/homebrew/bin/ollama serve\n"
            );
            ServerCommand? command = ServerCommand.Of(words.Replace("{0}", path, StringComparison.Ordinal).Split('|'));
            Assert.AreEqual("0.0.0.0:11434", command?.Variables["OLLAMA_HOST"]);
            Assert.AreEqual(path, command!.ScriptPath);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
