using FastGate.Test.Commands.Install;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>launchctl, lsof, netstat and tailscale of a Mac as scripts that print files.</summary>
internal static class MacTools
{
    private const string Launchctl = """
        #!/bin/sh
        case $1 in
        print)
            label=${2##*/}
            [ -f "$FAKE_STATE/print-$label" ] || { echo "Could not find service \"$label\" in domain for user gui: 501" >&2; exit 113; }
            cat "$FAKE_STATE/print-$label" ;;
        getenv) cat "$FAKE_STATE/session-$2" 2>/dev/null || exit 0 ;;
        *) echo "doctor must change nothing: $*" >&2; exit 64 ;;
        esac
        """;

    private const string Lsof = """
        #!/bin/sh
        [ "$*" = "-nP -iTCP -sTCP:LISTEN -FpcLn" ] || { echo "unexpected: $*" >&2; exit 64; }
        cat "$FAKE_STATE/lsof"
        """;

    private const string Netstat = """
        #!/bin/sh
        [ "$*" = "-anW -p tcp" ] || { echo "unexpected: $*" >&2; exit 64; }
        cat "$FAKE_STATE/netstat"
        """;

    private const string Tailscale = """
        #!/bin/sh
        case $1 in
        status) cat "$FAKE_STATE/tailscale.json" ;;
        serve) echo "{}" ;;
        *) echo "doctor must change nothing: $*" >&2; exit 64 ;;
        esac
        """;

    /// <summary>The state that launchctl prints of a running agent.</summary>
    public static string Running(string label) =>
        $"gui/501/{label} = {{\n\tpath = /x\n\tstate = running\n\truns = 1\n\tpid = 77\n\tlast exit "
        + $"code = (never exited)\n}}\n";

    /// <summary>The state of one that keeps exiting.</summary>
    public static string Crashing(string label) =>
        $"gui/501/{label} = {{\n\tpath = /x\n\tstate = spawn scheduled\n\truns = 37\n\tlast exit code = "
        + $"78: EX_CONFIG\n}}\n";

    public static void WriteTo(Home home)
    {
        Script.Write(home.Tools, "launchctl", Launchctl);
        Script.Write(home.Tools, "lsof", Lsof);
        Script.Write(home.Tools, "netstat", Netstat);
        Script.Write(home.Tools, "tailscale", Tailscale);
    }
}
