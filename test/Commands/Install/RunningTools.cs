using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>A launchctl and a systemctl that actually start and stop programs, as the property list or the unit
/// defines. Python's plistlib and shlex read these files, not FastGate.</summary>
internal static class RunningTools
{
    private const string Text = """
        #!/usr/bin/env python3
        import os, plistlib, shlex, signal, subprocess, sys, time
        state, home = os.environ["FAKE_STATE"], os.environ["HOME"]
        name, words = os.path.basename(sys.argv[0]), sys.argv[1:]

        def note(what): return os.path.join(state, "pid-" + what)
        def alive(what):
            try:
                pid = int(open(note(what)).read())
                return pid if open(f"/proc/{pid}/stat").read().rsplit(")")[-1].split()[0] != "Z" else 0
            except OSError: return 0
        def start(what, command, variables, output):
            log = open(output, "ab") if output else subprocess.DEVNULL
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={"HOME": home, "PATH": "/usr/bin:/bin", **variables})
            open(note(what), "w").write(str(child.pid))
        def stop(what):
            pid = alive(what)
            if pid:
                os.kill(pid, signal.SIGTERM)
                while alive(what): time.sleep(0.05)
            if os.path.exists(note(what)): os.remove(note(what))
        def values(unit, key):
            lines = open(os.path.join(home, ".config/systemd/user", unit)).read().splitlines()
            return [l[len(key) + 1:].replace("%%", "%").replace("$$", "$") for l in lines if l.startswith(key + "=")]

        def launchctl(verb, *rest):
            label = rest[0].split("/")[-1]
            if verb == "bootstrap":
                with open(rest[1], "rb") as file: agent = plistlib.load(file)
                start(agent["Label"], agent["ProgramArguments"], agent.get("EnvironmentVariables", {}), agent.get("StandardErrorPath"))
            elif verb == "getenv" or rest[0].count("/") == 1: pass
            elif not os.path.exists(note(label)): sys.exit(113)
            elif verb == "bootout": stop(label)
            elif verb == "print" and alive(label): print("x = {\n\tstate = running\n\tpid = 1\n}")
            elif verb == "print": print("x = {\n\tstate = not running\n\tlast exit code = 1\n}")
        def systemctl(_, verb, *rest):
            unit = rest[-1] if rest else ""
            link = os.path.join(home, ".config/systemd/user/default.target.wants", unit)
            if verb == "is-active": sys.exit(0 if alive(unit) else 3)
            elif verb == "is-enabled": sys.exit(0 if os.path.islink(link) else 1)
            elif verb == "show" and rest[0].startswith("fastgate"):
                link = os.path.join(os.path.dirname(link), rest[0])
                print("LoadState=" + ("loaded" if os.path.exists(os.path.join(home, ".config/systemd/user", rest[0])) else "not-found"))
                print("ActiveState=active\nSubState=running" if alive(rest[0]) else "ActiveState=inactive\nSubState=dead")
                print("UnitFileState=" + ("enabled" if os.path.islink(link) else "disabled"))
            elif verb in ("enable", "start", "restart"):
                if verb == "restart": stop(unit)
                if verb == "enable" and not os.path.islink(link): os.symlink("../" + unit, link)
                if not alive(unit): start(unit, shlex.split(values(unit, "ExecStart")[0]), dict(shlex.split(e)[0].split("=", 1) for e in values(unit, "Environment")), None)
            elif verb in ("disable", "stop"):
                stop(unit)
                if verb == "disable": os.remove(link)
        def loginctl(verb, *rest): print("Linger=yes")

        {"launchctl": launchctl, "systemctl": systemctl, "loginctl": loginctl}[name](*words)
        """;

    public static void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["launchctl", "systemctl", "loginctl"])
            Script.Write(folder, name, Text);
    }

    /// <summary>The process that a unit runs in.</summary>
    public static string Pid(string state, string unit) => File.ReadAllText(Path.Combine(state, $"pid-{unit}"));

    /// <summary>Stops what a failed test has left running.</summary>
    public static void Stop(string state)
    {
        foreach (string note in Directory.EnumerateFiles(state, "pid-*"))
        {
            try
            {
                using var left = System.Diagnostics.Process.GetProcessById(
                    int.Parse(File.ReadAllText(note), CultureInfo.InvariantCulture)
                );
                left.Kill();
            }
            catch (ArgumentException)
            {
                // It has already ended.
            }
        }
    }
}
