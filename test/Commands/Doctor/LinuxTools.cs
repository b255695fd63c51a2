using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>systemctl, loginctl and tailscale as scripts that print files.</summary>
internal static class LinuxTools
{
    private const string Systemctl = """
        #!/bin/sh
        [ "$1" = --user ] && shift
        [ "$1" = show ] || { echo "doctor must change nothing: $*" >&2; exit 64; }
        cat "$FAKE_STATE/$2"
        """;

    private const string Loginctl = """
        #!/bin/sh
        cat "$FAKE_STATE/linger"
        """;

    private const string Tailscale = """
        #!/bin/sh
        case "$1" in
        status) cat "$FAKE_STATE/tailscale.json" ;;
        serve) cat "$FAKE_STATE/serve.json" ;;
        *) echo "doctor must change nothing: $*" >&2; exit 64 ;;
        esac
        """;

    public const string Unit =
        "LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\nExecMainStatus=0\n"
        + "MainPID=77\nEnvironment=\nUnitFileState=enabled\n";

    public const string NoUnit =
        "LoadState=not-found\nActiveState=inactive\nSubState=dead\nNRestarts=0\nExecMainStatus=0\n"
        + "MainPID=0\nEnvironment=\nUnitFileState=\n";

    public const string Failed =
        "LoadState=loaded\nActiveState=activating\nSubState=auto-restart\nNRestarts=41\n"
        + "ExecMainStatus=2\nMainPID=0\nEnvironment=\nUnitFileState=enabled\n";

    public static string Status(string state = "Running", bool hasInterface = true) =>
        $$$"""
            {"Version":"1.90.1-tabc","TUN":{{{(
                hasInterface ? "true" : "false"
            )}}},"BackendState":"{{{state}}}","Health":[],
             "Self":{"DNSName":"box.tail1234.ts.net.","TailscaleIPs":["{{{DoctorHarness.Four}}}","{{{DoctorHarness.Six}}}"]},"CurrentTailnet":{"MagicDNSEnabled":false}}
            """;

    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        Script.Write(folder, "systemctl", Systemctl);
        Script.Write(folder, "loginctl", Loginctl);
        Script.Write(folder, "tailscale", Tailscale);
    }
}
