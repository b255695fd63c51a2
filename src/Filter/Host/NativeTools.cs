using FastGate.Launchd;

namespace FastGate.Host;

/// <summary>Finds out whether this machine has what .NET's native compiler uses to link a program.</summary>
/// <param name="runner">Finds and runs the tools.</param>
/// <param name="isMac">The system.</param>
internal sealed class NativeTools(ICommandRunner runner, bool isMac)
{
    private const string XcodeTools = "xcode-select";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    // https://aka.ms/nativeaot-prerequisites. The C library's development files come with the compiler. Microsoft's
    // .NET brings its own zlib, so it is not looked for; one that a distribution built links the system's.
    private static readonly (string Manager, string Command)[] Commands =
    [
        ("apt-get", "sudo apt-get install clang zlib1g-dev"),
        ("dnf", "sudo dnf install clang zlib-devel"),
        ("pacman", "sudo pacman -S --needed clang zlib"),
        ("apk", "sudo apk add clang build-base zlib-dev"),
        ("zypper", "sudo zypper install clang zlib-devel"),
    ];

    /// <summary>The first obstacle that was found; null if there is none.</summary>
    public async Task<NativeObstacle?> FindObstacleAsync() =>
        isMac ? await FindOnMacAsync()
        : await FindMissingAsync() is { Length: > 0 } missing
            ? new NativeObstacle(
                missing,
                Commands.FirstOrDefault(item => runner.Find(item.Manager) is not null).Command
            )
        : null;

    // Without the tools, /usr/bin/clang exists too, and opens a window that offers to install them.
    private async Task<NativeObstacle?> FindOnMacAsync() =>
        (await runner.RunAsync(XcodeTools, ["-p"], Timeout)).Succeeded
            ? null
            : new NativeObstacle("Xcode's command line tools", $"{XcodeTools} --install");

    // In the order in which Microsoft.NETCore.Native.Unix.targets uses them.
    private async Task<string> FindMissingAsync()
    {
        if ((runner.Find("clang") ?? runner.Find("gcc")) is not { } compiler)
            return "clang";
        if ((runner.Find("llvm-objcopy") ?? runner.Find("objcopy")) is null || runner.Find("ld.bfd") is null)
            return "binutils";
        // The compiler prints the name unchanged if it does not find the file.
        CommandResult start = await runner.RunAsync(compiler, ["-print-file-name=crt1.o"], Timeout);
        return Path.IsPathRooted(start.Output.Trim()) ? "" : "the C library's development files";
    }
}

/// <summary>Why a program cannot be compiled to native code here.</summary>
/// <param name="Missing">What is missing.</param>
/// <param name="Command">The command that installs it; null if this system's package manager is unknown.</param>
internal sealed record NativeObstacle(string Missing, string? Command)
{
    /// <summary>The sentence without its full stop.</summary>
    public string Reason => $"{Missing} {(Missing.EndsWith('s') ? "are" : "is")} missing";
}
