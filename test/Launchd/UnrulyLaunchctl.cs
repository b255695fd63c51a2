using FastGate.Launchd;

namespace FastGate.Test.Launchd;

/// <summary>A launchctl with one agent that misbehaves as configured: exit codes to return before a command succeeds,
/// and a label that lingers after a bootout.</summary>
internal sealed class UnrulyLaunchctl : ICommandRunner
{
    private readonly Dictionary<string, Queue<int>> _codes = [];
    private int _lingers;

    /// <summary>The commands, without <c>launchctl</c>.</summary>
    public List<string> Commands { get; } = [];

    public bool IsLoaded { get; set; }

    /// <summary>Whether the program starts when it is loaded; otherwise it needs a kickstart.</summary>
    public bool StartsWhenLoaded { get; init; } = true;

    /// <summary>Whether the program ends as soon as it starts.</summary>
    public bool IsBroken { get; init; }

    /// <summary>How often print still shows the label after a bootout.</summary>
    public int LingersFor { get; init; }

    /// <summary>Whether a failing bootstrap loads the agent nonetheless.</summary>
    public bool LoadsDespiteFailure { get; init; }

    private bool IsRunning { get; set; }

    /// <summary>Makes a command fail with these exit codes before it succeeds.</summary>
    public UnrulyLaunchctl Fail(string verb, params int[] exitCodes)
    {
        _codes[verb] = new Queue<int>(exitCodes);
        return this;
    }

    public string? Find(string program) => $"/bin/{program}";

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout)
    {
        Assert.AreEqual("launchctl", program);
        Commands.Add(string.Join(' ', arguments));
        string verb = arguments[0];
        if (_codes.TryGetValue(verb, out Queue<int>? queue) && queue.TryDequeue(out int code))
        {
            if (verb == "bootstrap" && LoadsDespiteFailure)
                Load();
            return Result(code, $"{verb} failed: {code}");
        }
        return verb switch
        {
            "print" => Print(),
            "bootout" => Bootout(),
            "bootstrap" => Bootstrap(),
            "kickstart" => Kickstart(),
            _ => Result(0, ""),
        };
    }

    private Task<CommandResult> Print()
    {
        if (!IsLoaded && _lingers-- > 0)
            return Printed("not running", "");
        if (!IsLoaded)
            return Result(
                LaunchctlError.NoService,
                "Could not find service \"com.fastgate\" in domain for user gui: 501"
            );
        return IsRunning && !IsBroken
            ? Printed("running", "\tpid = 7\n")
            : Printed("spawn scheduled", "\tlast exit code = 2\n");
    }

    private static Task<CommandResult> Printed(string state, string more) =>
        Task.FromResult(
            new CommandResult(0, $"gui/501/com.fastgate = {{\n\tpath = /a.plist\n\tstate = {state}\n{more}}}\n", "")
        );

    private Task<CommandResult> Bootout()
    {
        if (!IsLoaded)
            return Result(LaunchctlError.NoProcess, "Boot-out failed: 3: No such process");
        IsLoaded = IsRunning = false;
        _lingers = LingersFor;
        return Result(0, "");
    }

    private Task<CommandResult> Bootstrap()
    {
        if (IsLoaded || _lingers > 0)
            return Result(LaunchctlError.InputOutput, "Bootstrap failed: 5: Input/output error");
        Load();
        return Result(0, "");
    }

    private Task<CommandResult> Kickstart()
    {
        if (!IsLoaded)
            return Result(LaunchctlError.NoService, "Could not find service");
        IsRunning = true;
        return Result(0, "");
    }

    private void Load()
    {
        IsLoaded = true;
        IsRunning = StartsWhenLoaded;
    }

    private static Task<CommandResult> Result(int code, string error) =>
        Task.FromResult(new CommandResult(code, "", error));
}
