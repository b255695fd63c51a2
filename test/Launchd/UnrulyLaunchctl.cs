using FastGate.Launchd;

namespace FastGate.Test.Launchd;

/// <summary>
/// A launchctl with one agent that behaves as badly as it is told: exit codes to give before it does as asked, and a
/// label that lingers after a bootout.
/// </summary>
internal sealed class UnrulyLaunchctl : ICommandRunner
{
    private readonly Dictionary<string, Queue<int>> _codes = [];
    private int _lingers;

    /// <summary>What was asked, without launchctl's name.</summary>
    public List<string> Asked { get; } = [];

    public bool IsLoaded { get; set; }

    /// <summary>The program starts when it is loaded; otherwise it needs a kickstart.</summary>
    public bool StartsWhenLoaded { get; init; } = true;

    /// <summary>The program ends as soon as it starts.</summary>
    public bool IsBroken { get; init; }

    /// <summary>How often print still shows the label after a bootout.</summary>
    public int LingersFor { get; init; }

    /// <summary>A failing bootstrap has loaded it nonetheless.</summary>
    public bool LoadsDespiteFailure { get; init; }

    private bool IsRunning { get; set; }

    /// <summary>The next answers to a verb are these codes; then it does as asked.</summary>
    public UnrulyLaunchctl Fail(string verb, params int[] with)
    {
        _codes[verb] = new Queue<int>(with);
        return this;
    }

    public string? Find(string program) => $"/bin/{program}";

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        Assert.AreEqual("launchctl", program);
        Asked.Add(string.Join(' ', arguments));
        string verb = arguments[0];
        if (_codes.TryGetValue(verb, out Queue<int>? queue) && queue.TryDequeue(out int code))
        {
            if (verb == "bootstrap" && LoadsDespiteFailure)
                Load();
            return Told(code, $"{verb} failed: {code}");
        }
        return verb switch
        {
            "print" => Print(),
            "bootout" => Bootout(),
            "bootstrap" => Bootstrap(),
            "kickstart" => Kickstart(),
            _ => Told(0, ""),
        };
    }

    private Task<CommandResult> Print()
    {
        if (!IsLoaded && _lingers-- > 0)
            return Shown("not running", "");
        if (!IsLoaded)
            return Told(
                LaunchctlError.NoService,
                "Could not find service \"com.fastgate\" in domain for user gui: 501"
            );
        return IsRunning && !IsBroken
            ? Shown("running", "\tpid = 7\n")
            : Shown("spawn scheduled", "\tlast exit code = 2\n");
    }

    private static Task<CommandResult> Shown(string state, string more) =>
        Task.FromResult(
            new CommandResult(0, $"gui/501/com.fastgate = {{\n\tpath = /a.plist\n\tstate = {state}\n{more}}}\n", "")
        );

    private Task<CommandResult> Bootout()
    {
        if (!IsLoaded)
            return Told(LaunchctlError.NoProcess, "Boot-out failed: 3: No such process");
        IsLoaded = IsRunning = false;
        _lingers = LingersFor;
        return Told(0, "");
    }

    private Task<CommandResult> Bootstrap()
    {
        if (IsLoaded || _lingers > 0)
            return Told(LaunchctlError.InputOutput, "Bootstrap failed: 5: Input/output error");
        Load();
        return Told(0, "");
    }

    private Task<CommandResult> Kickstart()
    {
        if (!IsLoaded)
            return Told(LaunchctlError.NoService, "Could not find service");
        IsRunning = true;
        return Told(0, "");
    }

    private void Load()
    {
        IsLoaded = true;
        IsRunning = StartsWhenLoaded;
    }

    private static Task<CommandResult> Told(int code, string error) =>
        Task.FromResult(new CommandResult(code, "", error));
}
