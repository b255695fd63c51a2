using FastGate.Host;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>Shell scripts that stand in for the system's programs. They keep their state in files, so that tests can
/// compare it, and record each call.</summary>
internal static class FakeTools
{
    private const string Launchctl = """
        #!/bin/sh
        echo "launchctl $*" >> "$FAKE_CALLS"
        label=${2##*/}
        loaded=$FAKE_STATE/loaded-$label
        case $1 in
        print-disabled)
            printf 'disabled services = {\n'
            for file in "$FAKE_STATE"/disabled-*; do
                [ -f "$file" ] && printf '\t\t"%s" => disabled\n' "${file##*/disabled-}"
            done
            printf '}\n' ;;
        enable) rm -f "$FAKE_STATE/disabled-$label" ;;
        disable) : > "$FAKE_STATE/disabled-$label" ;;
        print)
            case $2 in
            gui/*/*|system/*) ;;
            *) [ ! -f "$FAKE_STATE/no-session" ] || { echo "Bad request." >&2; exit 112; }; exit 0 ;;
            esac
            [ -f "$loaded" ] || { echo "Could not find service \"$label\" in domain for user gui: 501" >&2; exit 113; }
            printf 'gui/501/%s = {\n\tpath = %s\n\tstate = running\n\tpid = 77\n}\n' "$label" "$(cat "$loaded")" ;;
        bootout)
            [ -f "$loaded" ] || { echo "Boot-out failed: 3: No such process" >&2; exit 3; }
            rm "$loaded" ;;
        bootstrap)
            loaded=$FAKE_STATE/loaded-$(basename "$3" .plist)
            [ -f "$FAKE_STATE/disabled-$(basename "$3" .plist)" ] && { echo "Service is disabled" >&2; exit 119; }
            { [ -f "$3" ] && [ ! -f "$loaded" ]; } || { echo "Bootstrap failed: 5: Input/output error" >&2; exit 5; }
            echo "$3" > "$loaded" ;;
        kickstart)
            [ -f "$loaded" ] || { echo "Could not find service" >&2; exit 113; } ;;
        getenv)
            cat "$FAKE_STATE/session-$2" 2>/dev/null || exit 0 ;;
        *)
            echo "Unrecognized subcommand: $1" >&2; exit 64 ;;
        esac
        """;

    /// <summary>A stopped service has no property list in LaunchAgents; the formula keeps its own copy.</summary>
    private const string Brew = """
        #!/bin/sh
        echo "brew $*" >> "$FAKE_CALLS"
        agent=$HOME/Library/LaunchAgents/homebrew.mxcl.ollama.plist
        case "$*" in
        "services stop ollama") rm "$agent" "$FAKE_STATE/loaded-homebrew.mxcl.ollama" ;;
        "services start ollama")
            printf 'formula' > "$agent"
            echo "$agent" > "$FAKE_STATE/loaded-homebrew.mxcl.ollama" ;;
        "install --cask tailscale-app") ;;
        "install ollama") printf '#!/bin/sh\n' > "$(dirname "$0")/ollama"; chmod +x "$(dirname "$0")/ollama" ;;
        *) echo "Unknown command: $*" >&2; exit 1 ;;
        esac
        """;

    private const string Systemctl = """
        #!/bin/sh
        echo "systemctl $*" >> "$FAKE_CALLS"
        units=$HOME/.config/systemd/user
        case "$1 $2 $3" in
        "show *.service "*) cat "$FAKE_STATE/units-of-system" 2>/dev/null; exit 0 ;;
        "show-environment  ") cat "$FAKE_STATE/environment-of-system" 2>/dev/null; exit 0 ;;
        --no-ask-password*) echo "Interactive authentication required." >&2; exit 1 ;;
        esac
        shift
        case "$1 $2" in
        "show *.service") cat "$FAKE_STATE/units-of-user" 2>/dev/null; exit 0 ;;
        "show-environment ")
            [ ! -f "$FAKE_STATE/no-bus" ] || { echo "Failed to connect to bus: No medium found" >&2; exit 1; }
            cat "$FAKE_STATE/environment-of-user" 2>/dev/null; exit 0 ;;
        "daemon-reload ") ls "$units" 2>/dev/null | grep service > "$FAKE_STATE/units" || : ;;
        "is-active --quiet") [ -f "$FAKE_STATE/active-$3" ] ;;
        "is-enabled --quiet") [ -L "$units/default.target.wants/$3" ] ;;
        "enable --now")
            grep -q "$3" "$FAKE_STATE/units" || { echo "Unit $3 does not exist." >&2; exit 1; }
            mkdir -p "$units/default.target.wants"
            ln -s "$units/$3" "$units/default.target.wants/$3" 2>/dev/null
            : > "$FAKE_STATE/active-$3" ;;
        "enable "*)
            grep -q "$2" "$FAKE_STATE/units" || { echo "Unit $2 does not exist." >&2; exit 1; }
            mkdir -p "$units/default.target.wants"
            ln -s "$units/$2" "$units/default.target.wants/$2" 2>/dev/null || : ;;
        "disable --now") rm -f "$units/default.target.wants/$3" "$FAKE_STATE/active-$3" ;;
        "show "*)
            on=inactive; sub=dead; file=disabled; load=not-found
            [ -f "$units/$2" ] && load=loaded
            [ -f "$FAKE_STATE/active-$2" ] && { on=active; sub=running; }
            [ -f "$FAKE_STATE/failing-$2" ] && { on=activating; sub=auto-restart; }
            [ -L "$units/default.target.wants/$2" ] && file=enabled
            printf 'LoadState=%s\nActiveState=%s\nSubState=%s\nUnitFileState=%s\n' $load $on $sub $file ;;
        "restart "*) : > "$FAKE_STATE/active-$2" ;;
        "stop "*) rm -f "$FAKE_STATE/active-$2" ;;
        "start "*) : > "$FAKE_STATE/active-$2" ;;
        *) echo "Unknown command verb $1." >&2; exit 1 ;;
        esac
        """;

    private const string Loginctl = """
        #!/bin/sh
        echo "loginctl $*" >> "$FAKE_CALLS"
        case $1 in
        show-user) if [ -f "$FAKE_STATE/linger" ]; then echo Linger=yes; else echo Linger=no; fi ;;
        enable-linger) : > "$FAKE_STATE/linger" ;;
        disable-linger) rm -f "$FAKE_STATE/linger" ;;
        esac
        """;

    /// <summary>Knows its status once a test has written one; must never be run for anything else.</summary>
    private const string Tailscale = """
        #!/bin/sh
        echo "tailscale $*" >> "$FAKE_CALLS"
        [ "$1" = status ] && cat "$FAKE_STATE/tailscale-status" 2>/dev/null
        """;

    /// <summary>Can be found by name, but must never be run by an installation.</summary>
    private const string Untouchable = """
        #!/bin/sh
        echo "$(basename "$0") $*" >> "$FAKE_CALLS"
        exit 1
        """;

    private const string Pgrep = """
        #!/bin/sh
        echo "pgrep $*" >> "$FAKE_CALLS"
        [ -f "$FAKE_STATE/app-runs" ]
        """;

    public static void WriteTo(string folder, bool isMac)
    {
        Directory.CreateDirectory(folder);
        (string Name, string Script)[] tools = isMac
            ? [("launchctl", Launchctl), ("pgrep", Pgrep), ("tailscale", Tailscale)]
            : [("systemctl", Systemctl), ("loginctl", Loginctl), ("tailscale", Tailscale)];
        foreach ((string name, string script) in tools)
            Script.Write(folder, name, script);
    }

    public static void WriteBrew(string folder) => Script.Write(folder, "brew", Brew);

    public static void WriteOllama(string folder) => Script.Write(folder, "ollama", Untouchable);
}

/// <summary>A publisher that writes a file with a version instead of building.</summary>
internal sealed class StandInPublisher : IPublisher
{
    public string Version { get; set; } = "1";

    public bool NeedsDotnet { get; set; }

    public string? Problem { get; set; }

    /// <summary>Null for a program that is always published again.</summary>
    public string? Fingerprint { get; set; }

    public NativeObstacle? Obstacle { get; set; }

    public string? Note { get; set; }

    /// <summary>The command of a dotnet tool.</summary>
    public string? InPlace { get; set; }

    /// <summary>How often it has published.</summary>
    public int Count { get; private set; }

    public Task<PublishPlan> PlanAsync() =>
        Task.FromResult(new PublishPlan(["publish the stand-in"], Fingerprint, Obstacle));

    public Task<PublishResult> PublishAsync(PublishPlan plan, string folder, Action<string> progress)
    {
        Count++;
        progress("stand-in: write it");
        if (Problem is not null)
            return Task.FromResult(new PublishResult(null, Problem: Problem));
        if (InPlace is not null)
            return Task.FromResult(new PublishResult(InPlace, NeedsDotnet: true, Note: "a dotnet tool"));
        string path = Path.Combine(folder, "fastgate");
        File.WriteAllText(path, $"version {Version}");
        return Task.FromResult(new PublishResult(path, NeedsDotnet, Note: Note));
    }
}
