using FastGate.Launchd;

namespace FastGate.Test.Launchd;

/// <summary>
/// The samples follow the known format of <c>launchctl print</c> on macOS 13 to 15; none was recorded on a real Mac.
/// </summary>
[TestClass]
public sealed class AgentStateTests
{
    private const string Running = """
        gui/501/com.ollama = {
        	active count = 1
        	path = /Users/u/Library/LaunchAgents/com.ollama.plist
        	type = LaunchAgent
        	state = running

        	program = /opt/homebrew/bin/ollama
        	arguments = {
        		/opt/homebrew/bin/ollama
        		serve
        	}

        	stdout path = /tmp/ollama.stdout.log
        	inherited environment = {
        		SSH_AUTH_SOCK => /private/tmp/com.apple.launchd.J2x/Listeners
        	}

        	default environment = {
        		PATH => /usr/bin:/bin:/usr/sbin:/sbin
        	}

        	environment = {
        		state = not this one
        		OLLAMA_HOST => 127.0.0.1
        		XPC_SERVICE_NAME => com.ollama
        	}

        	domain = gui/501 [100024]
        	asid = 100024
        	minimum runtime = 10
        	exit timeout = 5
        	runs = 3
        	pid = 642
        	immediate reason = speculative
        	forks = 12
        	execs = 1
        	initialized = 1
        	last exit code = 1

        	spawn type = interactive (4)
        	jetsam coalition = {
        		ID = 1234
        		state = active
        		pid = 99
        	}

        	properties = keepalive | runatload | inferred program
        }

        """;

    private const string Waiting = """
        gui/501/com.fastgate = {
        	active count = 0
        	path = /Users/u/Library/LaunchAgents/com.fastgate.plist
        	type = LaunchAgent
        	state = spawn scheduled

        	program = /Users/u/.local/bin/fastgate
        	runs = 17
        	last exit code = 78: EX_CONFIG
        }
        """;

    private const string Killed = """
        gui/501/com.fastgate = {
        	state = not running
        	runs = 2
        	last terminating signal = Killed: 9
        }
        """;

    private const string Fresh = """
        gui/501/com.fastgate = {
        	state = waiting
        	runs = 0
        	last exit code = (never exited)
        }
        """;

    [TestMethod]
    public void RunningAgent_IsReadFromItsOwnLinesOnly()
    {
        AgentState state = AgentState.Parse(Running);
        Assert.AreEqual(
            new AgentState
            {
                State = "running",
                ProcessId = 642,
                Runs = 3,
                LastExit = "1",
                PropertyListPath = "/Users/u/Library/LaunchAgents/com.ollama.plist",
                Program = "/opt/homebrew/bin/ollama",
            },
            state
        );
        Assert.IsTrue(state.IsRunning);
    }

    [TestMethod]
    [DataRow(Waiting, "spawn scheduled", 17, "78: EX_CONFIG")]
    [DataRow(Killed, "not running", 2, "signal Killed: 9")]
    [DataRow(Fresh, "waiting", 0, null)]
    public void AgentThatDoesNotRun_ReportsHowItEnded(string printed, string expected, int runs, string? lastExit)
    {
        AgentState state = AgentState.Parse(printed);
        Assert.AreEqual(expected, state.State);
        Assert.AreEqual(runs, state.Runs);
        Assert.AreEqual(lastExit, state.LastExit);
        Assert.IsFalse(state.IsRunning);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("Could not find service \"com.fastgate\" in domain for user gui: 501")]
    [DataRow("}\n}\nstate = running")]
    [DataRow("a = {\n\tpid = many\n\truns = -1\n\tstate\n = \n}")]
    public void UnknownLines_AreIgnored(string printed) => Assert.AreEqual(new AgentState(), AgentState.Parse(printed));

    /// <summary>A running agent was once reported as "not running" and booted out, because braces of its script were
    /// counted as launchd's.</summary>
    [TestMethod]
    [DataRow("{\n  date\n} >> /tmp/started.txt\nexec /opt/homebrew/bin/ollama serve")]
    [DataRow("if true; then {\n\nexec ollama serve")]
    [DataRow("}\n}\n\t}\n}\nexec ollama serve")]
    [DataRow("f() {\n\tstate = not running\n\tpath = /tmp/x\n\tpid = 1\n\truns = 99\n\tlast exit code = 7\n\t}\nf")]
    [DataRow("cat <<'END'\ngui/501/com.ollama = {\n\tstate = waiting\n}\nEND")]
    public void ShellScriptAmongTheArguments_DoesNotHideTheAgent(string script)
    {
        AgentState state = AgentState.Parse(
            $$"""
            gui/501/com.ollama = {
            	active count = 1
            	path = /Users/u/Library/LaunchAgents/com.ollama.plist
            	type = LaunchAgent
            	state = running

            	program = /bin/sh
            	arguments = {
            		/bin/sh
            		-c
            		{{script}}
            	}

            	runs = 1
            	pid = 1219
            	last exit code = (never exited)
            }
            """
        );
        Assert.AreEqual(
            new AgentState
            {
                State = "running",
                ProcessId = 1219,
                Runs = 1,
                PropertyListPath = "/Users/u/Library/LaunchAgents/com.ollama.plist",
                Program = "/bin/sh",
            },
            state
        );
        Assert.IsTrue(state.IsRunning);
    }

    [TestMethod]
    public void WindowsLineEnds_DoNoHarm() =>
        Assert.AreEqual(642, AgentState.Parse(Running.ReplaceLineEndings("\r\n")).ProcessId);
}
