using FastGate.Test.Commands.Shell;
using FastGate.Test.Support;

namespace FastGate.Test.Commands;

/// <summary><c>fastgate</c> without arguments.</summary>
[TestClass]
public sealed class PlainCommandTests
{
    [TestMethod, TestCategory(Category.Process)]
    public async Task OnATerminal_WithAGateRunning_ShowsItsStatusAndTheHelp()
    {
        Required.Tool("bash");
        await using ShellSession session = await ShellSession.StartAsync(
            "bash --noprofile --norc -i",
            "PS1='ready> '",
            "unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_RUNTIME_DIR",
            "mkdir -p ~/.config/fastgate",
            // The same port for the second gate, which would fail on it.
            $"echo '{{ \"listen\": \"127.0.0.1:{Ports.Free()}\" }}' >~/.config/fastgate/fastgate.json",
            "fastgate run >/dev/null 2>&1 & GATE=$!",
            "until fastgate status >/dev/null; do sleep 0.1; done"
        );
        string screen = await session.SeeAsync(
            "fastgate; echo code $?; fastgate </dev/null 2>&1 | grep -o 'another program listens there'; "
                + "kill $GATE; wait $GATE; echo ended\n",
            "code 0",
            "\nanother program listens there",
            "\nended"
        );
        Assert.Contains("  upstream    127.0.0.1:11434", screen);
        Assert.Contains("Usage: fastgate VERB [FLAGS]", screen);
        Assert.Contains("code 0", screen);
        // Without a terminal it runs the gate, as under launchd.
        Assert.Contains("\nanother program listens there", screen);
    }
}
